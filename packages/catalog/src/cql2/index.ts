export type * from './ast.ts';
export { compileFilter, type Predicate, type Resolve } from './compile.ts';
export { parseJson } from './parse-json.ts';
export { type ParsedText, parseText } from './parse-text.ts';
export { printText } from './print-text.ts';
export { jsonValue, type Value } from './values.ts';
