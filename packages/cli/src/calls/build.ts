import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument, routes } from '@swath/api';
import { generateCalls } from './generate.ts';

/** Where it lies is of no matter to the types. */
export const callsText = (): string => generateCalls(openApiDocument(routes, 'http://localhost'));

if (import.meta.main) writeFileSync(join(import.meta.dirname, 'generated.ts'), callsText());
