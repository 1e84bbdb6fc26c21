import { ChainOfThought } from '../../../modules/chain-of-thought';
import type { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { specOf } from '../../../src/core/signatures/spec-of';
import { Module } from '../../../src/program/predict/module';
import { Predict } from '../../../src/program/predict/predict';
import { decodeSignature } from '../decode-signature';
import { NamedTypes } from '../decode-type';
import { decodeValue } from '../decode-value';
import { NotApplicable } from '../not-applicable';
import { decodeOptions } from './scripted-lm';

/** A program of the vectors: attributes in their order, no `forward`. */
class RecordedProgram extends Module {
  override forward(): never {
    throw new Error('a recorded program is only looked at');
  }
}

export interface BuiltProgram<M> {
  readonly program: M;
  readonly types: NamedTypes;
}

/** A described program. Throws `NotApplicable` for modules that are not there yet. */
// biome-ignore lint/suspicious/noExplicitAny: a description of the vectors
export function buildProgram(description: any): BuiltProgram<Module> {
  const types = new NamedTypes();
  return { program: buildModule(description, types, new Map()), types };
}

/** A signature given by a string or described. */
// biome-ignore lint/suspicious/noExplicitAny: a description of the vectors
export function buildSignature(description: any, types = new NamedTypes()): SignatureSpec {
  if (description.string === undefined) return decodeSignature(description, types).spec;
  const spec = specOf(description.string as string) as unknown as SignatureSpec;
  return description.instructions === undefined ? spec : spec.withInstructions(description.instructions);
}

// biome-ignore lint/suspicious/noExplicitAny: a description of the vectors
function buildModule(description: any, types: NamedTypes, made: Map<string, unknown>, path = ''): Module {
  const module = buildOpen(description, types, made, path);
  return description.compiled === true ? module.markCompiled() : module;
}

// biome-ignore lint/suspicious/noExplicitAny: a description of the vectors
function buildOpen(description: any, types: NamedTypes, made: Map<string, unknown>, path: string): Module {
  const config = decodeOptions((decodeValue(description.config ?? {}, types) ?? {}) as Record<string, unknown>);
  switch (description.module) {
    case 'Predict':
      return new Predict(buildSignature(description.signature, types), config);
    case 'ChainOfThought':
      return new ChainOfThought(buildSignature(description.signature, types), config);
    case 'custom': {
      const program = new RecordedProgram();
      for (const [name, member] of description.attributes) {
        const place = path === '' ? name : `${path}.${name}`;
        Reflect.set(program, name, buildMember(member, types, made, place));
      }
      return program;
    }
    default:
      throw new NotApplicable(`later issue: the module ${description.module}`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a description of the vectors
function buildMember(member: any, types: NamedTypes, made: Map<string, unknown>, path: string): unknown {
  if (member?.module === 'same_as') return made.get(member.path);
  const built = Array.isArray(member)
    ? member.map((item, index) => buildMember(item, types, made, `${path}[${index}]`))
    : member?.module !== undefined
      ? buildModule(member, types, made, path)
      : member !== null && typeof member === 'object'
        ? new Map(Object.entries(member).map(([k, item]) => [k, buildMember(item, types, made, `${path}['${k}']`)]))
        : member;
  made.set(path, built);
  return built;
}
