import { type BindToFluentSyntax, ContainerModule, type Newable } from 'inversify';
import { NotAProgramError, ProgramNotInjectableError } from '../../core/errors/container-errors';
import { stampHome } from '../../core/settings/home';
import { Module } from '../../program/predict/module';
import { ContainerSettings } from './container-settings';

/** A program class, whatever its constructor takes: the container supplies that. */
export type ProgramClass = Newable<Module, never[]>;

/**
 * Binds program classes to themselves. Each `container.get(RAG)` constructs a fresh program with its constructor
 * parameters injected, and makes the container that was asked (a child, when it was the child) its *home*: where its
 * LM, adapter, retriever, logger and other settings come from, unless call, predictor or `context()` say otherwise.
 *
 * Throws, when it is loaded, `NotAProgramError` and `ProgramNotInjectableError`.
 */
export function programs(...classes: readonly ProgramClass[]): ContainerModule {
  return new ContainerModule(({ bind }) => {
    for (const program of classes) {
      if (typeof program !== 'function' || !(program.prototype instanceof Module)) throw new NotAProgramError(program);
      // Transient on purpose: a shared instance would have the home of whoever asked first.
      bindToSelf(program, bind(program as Newable<Module>))
        .inTransientScope()
        .onActivation((context, instance) => stampHome(instance, new ContainerSettings(context)));
    }
  });
}

function bindToSelf(program: ProgramClass, binding: BindToFluentSyntax<Module>) {
  try {
    return binding.toSelf();
  } catch (cause) {
    throw new ProgramNotInjectableError(program.name, program.length, cause);
  }
}
