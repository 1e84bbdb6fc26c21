import type { Predict } from '../predict';
import type { AnyEvent, EventSource, FieldDelta, FieldDone, FieldStart } from './events';
import type { GrowingFields } from './growing-fields';

type Outputs = Record<string, unknown>;
type FieldEventType = 'field-start' | 'field-delta' | 'field-done';
type OfType<E, T> = E extends { readonly type: T } ? E : never;
type Facts<T> = Omit<OfType<AnyEvent, T>, keyof EventSource | 'type' | 'partial' | 'value'>;

/** Members that hold programs or are worked out when asked for are getters, so that printing an event costs nothing. */
abstract class SourcedEvent implements EventSource {
  readonly path: string;
  readonly call: number;
  readonly #predictor: Predict;

  constructor({ path, call, predictor }: EventSource) {
    this.path = path;
    this.call = call;
    this.#predictor = predictor;
  }

  get predictor(): Predict {
    return this.#predictor;
  }
}

class PlainEvent extends SourcedEvent {
  constructor(
    readonly type: string,
    source: EventSource,
    facts: object,
  ) {
    super(source);
    Object.assign(this, facts);
  }
}

class FieldEvent extends SourcedEvent {
  readonly #fields: GrowingFields;

  constructor(
    readonly type: FieldEventType,
    source: EventSource,
    readonly field: string,
    readonly text: string | undefined,
    fields: GrowingFields,
  ) {
    super(source);
    this.#fields = fields;
    if (text === undefined) delete (this as { text?: string }).text;
  }

  get partial(): Readonly<Outputs> {
    return this.#fields.partial();
  }

  get value(): unknown {
    return this.type === 'field-done' ? this.#fields.valueOf(this.field) : undefined;
  }
}

/** A field event; `fields` is what had come of the answer at that moment. */
export function fieldEvent(
  type: FieldEventType,
  source: EventSource,
  field: string,
  text: string | undefined,
  fields: GrowingFields,
): AnyEvent {
  const event: FieldStart<Outputs, string> | FieldDelta<Outputs, string> | FieldDone<Outputs, string> = new FieldEvent(
    type,
    source,
    field,
    text,
    fields,
  ) as never;
  return event;
}

/** Any other event of a predictor. */
export function plainEvent<T extends 'text' | 'reasoning' | 'tool-call' | 'restart' | 'usage' | 'prediction'>(
  type: T,
  source: EventSource,
  facts: Facts<T>,
): AnyEvent {
  return new PlainEvent(type, source, facts) as unknown as AnyEvent;
}
