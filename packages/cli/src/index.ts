export { type Client, type ClientOptions, makeClient } from './client.ts';
export { type ExitCode, exitCode } from './exit.ts';
export { runProgram } from './program.ts';
export { runShow, type ShowOptions } from './show.ts';
export type { Terminal } from './terminal.ts';
export type { Tools } from './tools.ts';
