import { requestSpec } from '@swath/requests/spec';
import * as z from 'zod';

// The schema lives with the request machine; its name in the OpenAPI document is given here.
requestSpec.register(z.globalRegistry, {
  id: 'RequestSpec',
  description: 'What to make of which imagery. docs/requests.md has examples.',
});

export { requestSpec };
