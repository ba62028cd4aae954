import { imageryAvailable } from '@swath/requests';
import { lazily } from '../support/from-env.ts';
import { queueHandler } from '../support/queue-handler.ts';
import { contract } from './contract.ts';

/** Imagery available: decides with which scenes the request goes on. */
export const makeHandler = queueHandler(contract.name, imageryAvailable);

export const handler = lazily(makeHandler);
