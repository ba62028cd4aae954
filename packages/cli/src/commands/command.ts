import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';

/** Runs a command in its context; undefined is success. */
export type Action<A extends readonly unknown[]> = (
  context: Context,
  ...args: A
) => Promise<ExitCode | undefined>;

/** Given to every command: makes commander's action out of ours, with context, exit code and errors. */
export type Bind = <A extends readonly unknown[]>(action: Action<A>) => (...args: unknown[]) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: Command, bind: Bind) => void;
