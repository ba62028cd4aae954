import { type ErrorCode, type ErrorDetail, SwathError } from '@swath/core';
import { MAX_QUOTED_CHARS } from './limits.ts';

/** What each exception of a process means, by the name openEO gives it. The texts are listed by `/processes`. */
export const exceptionMeanings = {
  ArrayElementNotAvailable: 'The array has no element at that index or with that label.',
  ArrayElementParameterConflict: 'Give either an index or a label, not both.',
  ArrayElementParameterMissing: 'Give an index or a label.',
  ArrayLabelConflict: 'A label occurs in both arrays: rename it in one of them first.',
  ArrayLengthMismatch: 'There must be as many labels as values.',
  ArrayNotLabeled: 'The array has no labels: use an index.',
  AscendingProbabilitiesRequired: 'Sort the probabilities from small to large.',
  BandExists: 'There is a band with that name: choose another.',
  BandFilterParameterMissing: 'Name bands or wavelengths to keep.',
  DataCubeEmpty: 'The data cube has no values to save.',
  DimensionAmbiguous: 'The data cube must have exactly one dimension of type "bands".',
  DimensionExists: 'There is a dimension with that name: choose another.',
  DimensionLabelCountMismatch: 'Only a dimension with one label can be dropped: filter or reduce it first.',
  DimensionMissing: 'The data cube has no dimension of type "bands".',
  DimensionNotAvailable: 'The data cube has no such dimension.',
  DistinctDimensionLabelsRequired: 'Two intervals have the same label: give labels of your own.',
  DivisionByZero: 'The divisor is zero.',
  IncompatibleDataCubes: 'The dimensions or labels of the two data cubes do not fit together.',
  KernelDimensionsUneven: 'A kernel has an odd number of rows and of columns, all rows alike.',
  LabelExists: 'There is a label with that name: choose another.',
  LabelMismatch: 'There must be as many new labels as old ones.',
  LabelNotAvailable: 'The dimension has no such label.',
  LabelsNotEnumerated: 'The labels are not 0, 1, 2, ...: name the ones to rename.',
  MinMaxSwapped: 'The minimum is above the maximum.',
  NirBandAmbiguous: 'It is not clear which band is near infrared: name it.',
  OverlapResolverMissing: 'The data cubes overlap: say how two values become one.',
  QuantilesParameterConflict: 'Give either probabilities or q, not both.',
  QuantilesParameterMissing: 'Give the probabilities.',
  RedBandAmbiguous: 'It is not clear which band is red: name it.',
  TargetDimensionExists: 'There is a dimension with the target name: choose another.',
  TemporalExtentEmpty: 'The end of an interval must be after its start.',
  TooManyDimensions: 'The data cube has several temporal dimensions: name one.',
} as const;

export type ExceptionName = keyof typeof exceptionMeanings;

/** openEO's own codes for graphs and calls that are wrong before a process runs. */
export type GraphErrorCode =
  | 'ProcessGraphMissing'
  | 'ProcessGraphInvalid'
  | 'ProcessGraphComplexity'
  | 'ProcessUnsupported'
  | 'ProcessParameterUnsupported'
  | 'ProcessParameterInvalid'
  | 'ProcessParameterRequired';

const codes: Readonly<Partial<Record<string, ErrorCode>>> = {
  ProcessGraphComplexity: 'LimitExceeded',
  ProcessUnsupported: 'Unsupported',
};

/** Text of a user for a message: cut, on one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const short = text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}...` : text;
  return `"${short.replace(/\s+/g, ' ')}"`;
}

/** An error that carries openEO's name for it as `reason`. */
export function openeoError(
  reason: GraphErrorCode | ExceptionName,
  message: string,
  detail: ErrorDetail = {},
): SwathError {
  return new SwathError(codes[reason] ?? 'InvalidInput', message, { ...detail, reason });
}

/** The named exception of a process, with what is special about this case behind its meaning. */
export function exception(name: ExceptionName, special = ''): SwathError {
  return openeoError(
    name,
    special === '' ? exceptionMeanings[name] : `${exceptionMeanings[name]} ${special}`,
  );
}

/** A value that a process cannot take, found by the process itself. */
export function invalidParameter(process: string, parameter: string, why: string): SwathError {
  return openeoError('ProcessParameterInvalid', `${process} cannot take this "${parameter}": ${why}.`);
}
