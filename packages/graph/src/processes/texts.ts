import { openeoError } from '../exceptions.ts';
import { MAX_TEXT_CHARS } from '../limits.ts';
import { optional, type Process, required } from '../registry/definition.ts';
import {
  aBoolean,
  aText,
  aTextOrNull,
  booleanOrNull,
  integerOrNull,
  type Schema,
  scalarOrNull,
} from '../registry/schema.ts';
import { any, flag, list, optionalText, text } from '../values/read.ts';
import { isTemporal, type Value } from '../values/value.ts';

/** Looks for a pattern; the texts come in lower case where case does not matter. */
function search(
  id: string,
  summary: string,
  description: string,
  look: (data: string, pattern: string) => boolean | number | null,
  returns: Schema = booleanOrNull,
): Process {
  return {
    id,
    summary,
    description,
    categories: ['texts', 'comparison'],
    parameters: [
      required('data', 'The text to look into, or no data.', aTextOrNull),
      required('pattern', 'The text to look for, as it is: no wildcards.', aText),
      optional('case_sensitive', 'False takes upper and lower case for the same.', aBoolean, true),
    ],
    returns: { description: 'The answer, or no data for no data.', schema: returns },
    exceptions: [],
    run: (args) => {
      const [data, pattern] = [optionalText(args, 'data'), text(args, 'pattern')];
      if (data === null) return null;
      return flag(args, 'case_sensitive')
        ? look(data, pattern)
        : look(data.toLowerCase(), pattern.toLowerCase());
    },
  };
}

const asText = (value: Value): string =>
  value !== null && typeof value === 'object' && isTemporal(value) ? value.text : String(value);

const concat: Process = {
  id: 'text_concat',
  summary: 'Join texts',
  description: 'One behind the other with a separator between them. Numbers, booleans and null become texts.',
  categories: ['texts'],
  parameters: [
    required('data', 'What to join.', { type: 'array', items: scalarOrNull }),
    optional('separator', 'What to put between two.', scalarOrNull, ''),
  ],
  returns: { description: 'The joined text.', schema: aText },
  exceptions: [],
  run: (args) => {
    const parts = list(args, 'data').map(asText);
    const separator = asText(any(args, 'separator'));
    const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
    if (length <= MAX_TEXT_CHARS) return parts.join(separator);
    throw openeoError(
      'ProcessGraphComplexity',
      `A text of ${length} characters is over the limit of ${MAX_TEXT_CHARS}.`,
    );
  },
};

/** Texts; positions count UTF-16 code units, as JSON strings do in most clients. */
export const textProcesses: readonly Process[] = [
  search('text_begins', 'Text begins with another', 'True when it does.', (data, pattern) =>
    data.startsWith(pattern),
  ),
  search('text_ends', 'Text ends with another', 'True when it does.', (data, pattern) =>
    data.endsWith(pattern),
  ),
  search('text_contains', 'Text contains another', 'True when it does.', (data, pattern) =>
    data.includes(pattern),
  ),
  {
    ...search(
      'text_find',
      'Position of a text in another',
      'Of the first occurrence, from 0; no data where there is none.',
      (data, pattern) => {
        const at = data.indexOf(pattern);
        return at < 0 ? null : at;
      },
      integerOrNull,
    ),
    experimental: true,
  },
  concat,
];
