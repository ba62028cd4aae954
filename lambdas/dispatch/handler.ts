import { dispatch } from '@swath/requests';
import { lazily } from '../support/from-env.ts';
import { queueHandler } from '../support/queue-handler.ts';
import { contract } from './contract.ts';

/** Plans chunks and submits the process job. */
export const makeHandler = queueHandler(contract.name, dispatch);

export const handler = lazily(makeHandler);
