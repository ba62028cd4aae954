import { SwathError } from '@swath/core';

/** Parameters of a PROJ string by name, without `+`. A flag such as `+south` has the value ''. */
export type ProjParameters = ReadonlyMap<string, string>;

/** Longest PROJ string read: the longest in the EPSG dataset has 212 characters. */
const PROJ_STRING_MAX = 1024;

/** @throws SwathError InvalidInput when the text is no PROJ string. */
export function parseProjString(text: string): ProjParameters {
  if (text.length > PROJ_STRING_MAX || !text.includes('+proj=')) {
    throw new SwathError('InvalidInput', `"${text.slice(0, 60)}" is neither EPSG:<code> nor a PROJ string.`, {
      fix: 'Name the CRS as EPSG:32631 or as "+proj=...".',
    });
  }
  const parameters = new Map<string, string>();
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value] = /^\+([A-Za-z0-9_]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name !== undefined) parameters.set(name, value ?? '');
  }
  return parameters;
}

/** A number of the string, or `fallback` when it is not there. @throws SwathError InvalidInput when it is no number. */
export function projNumber(parameters: ProjParameters, name: string, fallback: number): number {
  const text = parameters.get(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) {
    throw new SwathError('InvalidInput', `+${name}=${text} of the CRS is not a number.`);
  }
  return value;
}
