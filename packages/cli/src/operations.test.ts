import { routes } from '@swath/api';
import { describe, expect, it } from 'vitest';
import { operations } from './operations.ts';

describe('the calls of the command', () => {
  it.each(Object.entries(operations))('are rows of the API’s table: %s', (operationId, operation) => {
    const route = routes.find((one) => one.operationId === operationId);
    expect(route).toMatchObject({ method: operation.method, path: operation.path });
    // The very schema that the server answers by, not one that looks like it.
    if (operation.answer === undefined) expect(route?.answer.status).toBe(204);
    else expect(route?.answer.schema === operation.answer).toBe(true);
  });
});
