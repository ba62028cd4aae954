import { SwathError } from '@swath/core';
import type * as z from 'zod';
import { type RequestSpec, requestSpec } from '../spec.ts';
import { pointerPart } from './json-door.ts';
import { nearestName } from './nearest.ts';

interface Problem {
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** Problems spelled out in one message; a document of a million wrong fields gets no longer an answer. */
const MAX_NAMED_PROBLEMS = 20;

const knownFields: readonly string[] = Object.keys(requestSpec.shape);

/** Shape and ranges of the document. @throws SwathError InvalidInput: the first problem as pointer, all in the message. */
export function parseSpec(input: unknown): RequestSpec {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new SwathError('InvalidInput', 'A request is a JSON object.', {
      pointer: '',
      fix: 'See docs/requests.md for examples.',
    });
  }
  const parsed = requestSpec.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, []));
  const [first] = problems;
  if (first === undefined) throw new SwathError('Bug', 'a refused request has no problem');
  const named = problems.slice(0, MAX_NAMED_PROBLEMS);
  const rest = problems.length > named.length ? `; and ${problems.length - named.length} more` : '';
  const message = named.map((problem) => `${problem.pointer || '/'}: ${problem.message}`).join('; ') + rest;
  throw new SwathError('InvalidInput', message, { pointer: first.pointer, fix: first.fix });
}

function problemsOf(issue: z.core.$ZodIssue, parents: readonly PropertyKey[]): readonly Problem[] {
  const path = [...parents, ...issue.path];
  const pointer = path.map((part) => `/${pointerPart(part)}`).join('');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(pointer, key, path.length === 0));
    case 'invalid_union':
      return unionProblems(issue, path, pointer);
    case 'invalid_type':
      return issue.message.includes('received undefined')
        ? [{ pointer, message: 'is missing', fix: `Add ${pointer || 'the document'} (${issue.expected}).` }]
        : [{ pointer, message: issue.message, fix: `Give ${articled(issue.expected)}.` }];
    case 'invalid_value':
      return [
        { pointer, message: issue.message, fix: `Use one of: ${issue.values.map(String).join(', ')}.` },
      ];
    default:
      return [{ pointer, message: issue.message, fix: 'Change the value; docs/requests.md has the field.' }];
  }
}

function unknownKey(pointer: string, key: string, top: boolean): Problem {
  const near = top ? nearestName(key, knownFields) : undefined;
  return {
    pointer: `${pointer}/${pointerPart(key)}`,
    message: `"${key}" is not a known field`,
    fix: near === undefined ? 'Remove it; docs/requests.md lists the fields.' : `Did you mean "${near}"?`,
  };
}

/** The alternative that the user most likely meant: the one whose problems lie deepest, then the one with the fewest. */
function unionProblems(
  issue: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>,
  path: readonly PropertyKey[],
  pointer: string,
): readonly Problem[] {
  const fits = issue.errors
    .map((branch) => ({
      depth: Math.max(...branch.map((inner) => inner.path.length), 0),
      wrongType: branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
      problems: branch.flatMap((inner) => problemsOf(inner, path)),
    }))
    .filter(({ wrongType, problems }) => !wrongType && problems.length > 0)
    .sort((a, b) => b.depth - a.depth || a.problems.length - b.problems.length);
  const best = fits[0];
  if (best !== undefined) return best.problems;
  return [
    {
      pointer,
      message: 'has none of the accepted forms',
      fix: forms[pointer] ?? 'See docs/requests.md for its forms.',
    },
  ];
}

const forms: Readonly<Record<string, string>> = {
  '/aoi': 'Give a GeoJSON Polygon or MultiPolygon, or a box [west, south, east, north].',
  '/zones': 'Give a GeoJSON FeatureCollection, or ids of stored areas: ["field-1", "field-2"].',
  '/pipeline': 'Give {"index": "NDVI"}, {"expression": "(nir-red)/(nir+red)"} or {"bands": ["red"]}.',
  '/mask': 'Give "clouds", "none", {"classes": [...]} or {"bits": [...]}.',
  '/radiometry': 'Give "reflectance", "raw" or {"scale": 0.0001, "offset": 0}.',
  '/grid': 'Give "native" or {"crs", "resolution", "bounds", "resampling"}.',
};

function articled(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
