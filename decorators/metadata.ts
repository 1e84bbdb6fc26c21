import 'reflect-metadata';
import type { FieldOptions } from './field-options';

/** What a decorated property leaves behind. Nothing is judged here; `src/core/signatures/classes` reads and judges. */
export interface FieldRecord {
  readonly name: string;
  readonly role: 'input' | 'output';
  readonly options: FieldOptions;
  /** The compiler's `design:type`: a constructor, or undefined when it was not emitted or not yet defined. */
  readonly designType: unknown;
  /** True when the compiler emitted `design:type` for the property. */
  readonly emitted: boolean;
}

/** A class, or whatever a property was decorated on: the key under which records are kept. */
export type Declarer = abstract new (...args: never[]) => unknown;

const FIELDS = Symbol.for('dspex:fields');
const INSTRUCTIONS = Symbol.for('dspex:instructions');
const METADATA: symbol = givenMetadataSymbol();

/** Keeps a record with the class that declares the property. */
export function addFieldRecord(declarer: Declarer, record: FieldRecord): void {
  const records: FieldRecord[] = Reflect.getOwnMetadata(FIELDS, declarer) ?? [];
  Reflect.defineMetadata(FIELDS, [...records, record], declarer);
}

/** The `design:type` of a property, as the compiler emitted it. */
export function designTypeOf(prototype: object, name: string): Pick<FieldRecord, 'designType' | 'emitted'> {
  return {
    designType: Reflect.getOwnMetadata('design:type', prototype, name),
    emitted: Reflect.hasOwnMetadata('design:type', prototype, name),
  };
}

/** Keeps a record in the metadata object of a standard decorator, which becomes a property of the class. */
export function addStandardFieldRecord(metadata: object, record: FieldRecord): void {
  const own: FieldRecord[] = Object.hasOwn(metadata, FIELDS) ? Reflect.get(metadata, FIELDS) : [];
  Reflect.set(metadata, FIELDS, [...own, record]);
}

/** Keeps the instructions of a class. */
export function setInstructions(declarer: Declarer, text: string): void {
  Reflect.defineMetadata(INSTRUCTIONS, text, declarer);
}

/** The instructions of a class: its own, else those of the nearest class above. */
export function readInstructions(declarer: Declarer): string | undefined {
  return Reflect.getMetadata(INSTRUCTIONS, declarer);
}

/** The records that each class of the inheritance chain declared itself, the topmost class first, in declaration order. */
export function readFieldRecords(declarer: Declarer): { declarer: Declarer; records: readonly FieldRecord[] }[] {
  const chain: Declarer[] = [];
  for (
    let at: unknown = declarer;
    typeof at === 'function' && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    chain.unshift(at as Declarer);
  }
  return chain.map((each) => ({ declarer: each, records: [...ownRecords(each), ...ownStandardRecords(each)] }));
}

function ownRecords(declarer: Declarer): readonly FieldRecord[] {
  return Reflect.getOwnMetadata(FIELDS, declarer) ?? [];
}

function ownStandardRecords(declarer: Declarer): readonly FieldRecord[] {
  const metadata = Object.getOwnPropertyDescriptor(declarer, METADATA)?.value;
  return typeof metadata === 'object' && metadata !== null && Object.hasOwn(metadata, FIELDS)
    ? Reflect.get(metadata, FIELDS)
    : [];
}

/** Standard decorators keep their metadata under `Symbol.metadata`, which Node does not define yet. */
function givenMetadataSymbol(): symbol {
  const known: unknown = Reflect.get(Symbol, 'metadata');
  if (typeof known === 'symbol') return known;
  const made = Symbol.for('Symbol.metadata');
  Object.defineProperty(Symbol, 'metadata', { value: made, configurable: true });
  return made;
}
