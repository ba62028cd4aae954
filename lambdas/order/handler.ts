import { order } from '@swath/requests';
import { lazily } from '../support/from-env.ts';
import { queueHandler } from '../support/queue-handler.ts';
import { contract } from './contract.ts';

/** Accepted requests: finds and pins their scenes, and submits the acquire job. */
export const makeHandler = queueHandler(contract.name, order);

export const handler = lazily(makeHandler);
