import { callFunction, extractLane, getLocal, replaceLane, scalar, setLocal } from './instructions.ts';
import { power } from './kernels.ts';
import type { Steps } from './lower.ts';
import type { Bytes, DefinedFunction, FunctionType, ImportedFunction, ValueType } from './wasm-bytes.ts';

/**
 * What WebAssembly has no instruction for: JavaScript's functions of doubles, lane by lane, rounded to single. V8 calls
 * Math.exp, log and pow without entering JavaScript (x ** 0.5: 214 Mpx/s, against 64 through `power`).
 */
const scalarFunctions = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  pow: Math.pow,
  power,
} as const;
type LaneOperation = keyof typeof scalarFunctions;
const LANE_OPERATIONS = ['exp', 'log', 'log10', 'pow', 'power'] as const satisfies readonly LaneOperation[];

const parameters = (operation: LaneOperation): number => scalarFunctions[operation].length;

const typeOf = (operation: LaneOperation, value: ValueType): FunctionType => ({
  params: Array<ValueType>(parameters(operation)).fill(value),
  results: [value],
});

export interface LaneFunctions {
  readonly imports: readonly ImportedFunction[];
  /** Behind the names of `imports`. */
  readonly values: Readonly<Record<string, (...values: number[]) => number>>;
  readonly functions: readonly DefinedFunction[];
  /** Number of the function of vectors; undefined for operations that the steps do not have. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** One lane after the other into the last local; lanes that nobody asked for are computed too, nothing comes of it. */
function bodyOf(operation: LaneOperation, imported: number): Bytes {
  const count = parameters(operation);
  const result = count;
  const lanes = [0, 1, 2, 3].flatMap((lane) => [
    ...getLocal(result),
    ...Array.from({ length: count }, (_, parameter) => [
      ...getLocal(parameter),
      ...extractLane(lane),
      ...scalar('f64.promote_f32'),
    ]).flat(),
    ...callFunction(imported),
    ...scalar('f32.demote_f64'),
    ...replaceLane(lane),
    ...setLocal(result),
  ]);
  return [...lanes, ...getLocal(result)];
}

/** Functions of four singles each for the operations that these steps have and WebAssembly has not. */
export function laneFunctions(steps: Steps): LaneFunctions {
  const used = LANE_OPERATIONS.filter((name) => steps.some(({ operation }) => operation === name));
  return {
    imports: used.map((name) => ({ name, type: typeOf(name, 'f64') })),
    values: Object.fromEntries(used.map((name) => [name, scalarFunctions[name]])),
    functions: used.map((name, imported) => ({
      type: typeOf(name, 'v128'),
      locals: [[1, 'v128']],
      body: bodyOf(name, imported),
    })),
    indexOf: new Map(used.map((name, imported) => [name, used.length + imported])),
  };
}
