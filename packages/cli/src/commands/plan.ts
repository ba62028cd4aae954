import { planText } from '../render/request.ts';
import { addSpecFlags, readSpec, type SpecFlags } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

/** `swath plan [SPEC]` */
export const addPlan: AddCommand = (program, bind) => {
  addSpecFlags(
    program
      .command('plan [spec]')
      .description('what a request would do, without doing it: SPEC as in submit'),
  ).action(
    bind<[string | undefined, SpecFlags]>(async (context, path, options) => {
      const plan = await (await context.client()).planRequest(
        await readSpec(path, options, context.terminal),
      );
      context.answer(plan, () => planText(plan, context.colors));
      return undefined;
    }),
  );
};
