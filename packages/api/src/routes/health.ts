import { ENGINE_VERSION, SWATH_VERSION } from '@swath/core';
import { defineRoute, type Route } from '../route.ts';
import { health } from '../schemas/catalogue.ts';

export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/health',
    operationId: 'getHealth',
    tag: 'Service',
    summary: 'Is it up',
    description: 'Answers as soon as the API can answer anything.',
    auth: 'public',
    answer: { status: 200, description: 'It is.', schema: health },
    async handle() {
      return { value: { status: 'ok' as const, version: SWATH_VERSION, engineVersion: ENGINE_VERSION } };
    },
  }),
];
