import type { AbstractNewable, ContainerModuleLoadOptions } from 'inversify';

const shipped = new WeakSet<object>();

/** True for what `dspex()` bound of its own accord: there to be injected, but no setting that would shadow `configure()`. */
export function isShippedDefault(value: object): boolean {
  return shipped.has(value);
}

/**
 * Binds a default that steps back as soon as the application binds the same token, before or after, in this
 * container or a child. Without that, Inversify would call the two bindings ambiguous.
 */
export function bindDefault<T extends object>(
  { bind, isBound }: ContainerModuleLoadOptions,
  token: AbstractNewable<T>,
  make: () => T,
): void {
  if (isBound(token)) return;
  let asking = false;
  bind(token)
    .toDynamicValue(() => {
      const value = make();
      shipped.add(value);
      return value;
    })
    .inSingletonScope()
    .when(({ name, tags }) => {
      if (asking || name !== undefined || tags.size > 0) return false;
      asking = true;
      try {
        return !isBound(token);
      } finally {
        asking = false;
      }
    });
}
