/**
 * Binary format of a WebAssembly module, as far as expression kernels need it: WebAssembly Core Specification 2.0,
 * chapter 5. Everything is plain lists of bytes.
 */
export type Bytes = readonly number[];

/** Value types (section 5.3). */
export const VALUE_TYPE = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof VALUE_TYPE;

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface ImportedFunction {
  readonly name: string;
  readonly type: FunctionType;
}

export interface DefinedFunction {
  readonly type: FunctionType;
  /** Runs of locals of one type, numbered on from the parameters. */
  readonly locals: readonly (readonly [count: number, type: ValueType])[];
  /** Instructions without the closing `end`. */
  readonly body: Bytes;
}

/** Imports come first in the numbering of functions; all come from `env`, as does the memory, called `memory`. */
export interface ModuleParts {
  readonly imports: readonly ImportedFunction[];
  readonly functions: readonly DefinedFunction[];
  /** Name of the last function to the outside. */
  readonly exportName: string;
}

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const KIND = { function: 0, memory: 2 } as const;
const END = 0x0b;
const HEADER: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** Limits of the imported memory: any size, whatever its maximum. */
const ANY_MEMORY: Bytes = [0x00, 0x00];

/** LEB128 of a number from 0 to 2^32 - 1. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** LEB128 of a 32-bit integer with sign. */
export function signed(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  // The last byte carries the sign in bit 6.
  while (rest < -0x40 || rest >= 0x40) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes.push(rest & 0x7f);
  return bytes;
}

/** IEEE 754 single, little-endian. */
export function single(value: number): Bytes {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((at) => bytes.getUint8(at));
}

function list(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Bytes {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, content: Bytes): Bytes {
  return [id, ...unsigned(content.length), ...content];
}

function typeBytes({ params, results }: FunctionType): Bytes {
  const values = (types: readonly ValueType[]): Bytes => list(types.map((type) => [VALUE_TYPE[type]]));
  return [FUNCTION_TYPE, ...values(params), ...values(results)];
}

function codeBytes({ locals, body }: DefinedFunction): Bytes {
  const declared = list(locals.map(([count, type]) => [...unsigned(count), VALUE_TYPE[type]]));
  return [...unsigned(declared.length + body.length + 1), ...declared, ...body, END];
}

/** Every function gets a type entry of its own: a few bytes more, no table to keep. */
export function moduleBytes({ imports, functions, exportName }: ModuleParts): Uint8Array {
  const types = [...imports, ...functions].map(({ type }) => typeBytes(type));
  const memory = [...text('env'), ...text('memory'), KIND.memory, ...ANY_MEMORY];
  const imported = imports.map(({ name }, index) => [
    ...text('env'),
    ...text(name),
    KIND.function,
    ...unsigned(index),
  ]);
  const last = imports.length + functions.length - 1;
  return Uint8Array.from([
    ...HEADER,
    ...section(SECTION.type, list(types)),
    ...section(SECTION.import, list([memory, ...imported])),
    ...section(SECTION.function, list(functions.map((_, index) => unsigned(imports.length + index)))),
    ...section(SECTION.export, list([[...text(exportName), KIND.function, ...unsigned(last)]])),
    ...section(SECTION.code, list(functions.map(codeBytes))),
  ]);
}
