import { checkSpec } from '@swath/requests';
import { describe, expect, it } from 'vitest';
import { exampleRequest } from './example.ts';

describe('the example request', () => {
  it('is one that the door lets in', () => {
    expect(checkSpec(exampleRequest).pipeline.title).toContain('NDVI');
  });
});
