import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSwathError } from '@swath/core';
import type { Client, Request } from '../client.ts';
import { urlFlag } from '../context.ts';
import { SUBMIT_ATTEMPTS, SUBMIT_PAUSE_MS } from '../limits.ts';
import { stateText } from '../render/request.ts';
import { addSpecFlags, readSpec, type SpecFlags } from '../spec-input.ts';
import type { AddCommand } from './command.ts';
import { watchAndAnswer } from './watch.ts';

/** Sends again with the same key when the answer got lost: that cannot make a second request. */
export async function submit(
  client: Client,
  spec: unknown,
  key: string,
  signal: AbortSignal,
): Promise<Request> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.createRequest(spec, key);
    } catch (error) {
      const passing = isSwathError(error, 'Unavailable') || isSwathError(error, 'Throttled');
      if (!passing || attempt >= SUBMIT_ATTEMPTS) throw error;
      const pauseMs = Math.max(error.retryAfterMs ?? 0, SUBMIT_PAUSE_MS * 2 ** (attempt - 1));
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/** `swath submit [SPEC]` */
export const addSubmit: AddCommand = (program, bind) => {
  addSpecFlags(
    program
      .command('submit [spec]')
      .description('order imagery: SPEC is a file, "-", or flags')
      .option('--watch', 'follow it to its end')
      .option('--idempotency-key <key>', 'the same key never makes a second request (default: a new one)'),
  ).action(
    bind<[string | undefined, SpecFlags & { watch?: boolean; idempotencyKey?: string }]>(
      async (context, path, options) => {
        const spec = await readSpec(path, options, context.terminal);
        const { signal, env } = context.terminal;
        const request = await submit(
          await context.client(),
          spec,
          options.idempotencyKey ?? randomUUID(),
          signal,
        );
        if (options.watch === true) {
          context.say(`Request ${request.id}`);
          return watchAndAnswer(context, request.id);
        }
        context.answer(request, () => `${request.id} ${stateText(request.state, context.colors)}`);
        context.say(`Follow it: npx swath watch ${request.id}${urlFlag(context.url, env)}`);
        return undefined;
      },
    ),
  );
};
