import { stateText } from '../render/request.ts';
import type { AddCommand } from './command.ts';

/** `swath cancel ID` */
export const addCancel: AddCommand = (program, bind) => {
  program
    .command('cancel <id>')
    .description('stop a request')
    .action(
      bind<[string]>(async (context, id) => {
        const request = await (await context.client()).cancelRequest(id);
        context.answer(request, () => `${request.id} ${stateText(request.state, context.colors)}`);
        return undefined;
      }),
    );
};
