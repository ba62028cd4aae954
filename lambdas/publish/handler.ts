import { publish } from '@swath/requests';
import { lazily } from '../support/from-env.ts';
import { queueHandler } from '../support/queue-handler.ts';
import { contract } from './contract.ts';

/** Published results: checks that they exist and ends the request. */
export const makeHandler = queueHandler(contract.name, publish);

export const handler = lazily(makeHandler);
