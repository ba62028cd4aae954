import { exception, invalidParameter, quoted } from '../../exceptions.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import {
  aDate,
  aDateTime,
  anything,
  aReducer,
  aTextOrNull,
  aTime,
  labelList,
  oneOf,
  type Schema,
  temporalCube,
} from '../../registry/schema.ts';
import { axesOfType, axisOf, relabelled, select } from '../../values/cube.ts';
import { DAY_MS, parseInstant, parseTimeOfDay } from '../../values/instant.ts';
import { type Arguments, any, callback, cube, labels, list, optionalText, text } from '../../values/read.ts';
import { type Cube, isArray, isTemporal, type Label, type Value } from '../../values/value.ts';
import { reduceGroups } from './apply.ts';
import { interval } from './extents.ts';
import { periods, periodsOver } from './periods.ts';

const context = optional('context', 'Handed on to the reducer.', anything, null);
const endOrTime: Schema = { anyOf: [aDateTime, aDate, aTime, { type: 'null' }] };
const dimensionParameter = optional(
  'dimension',
  'Name of the temporal dimension; null when there is only one.',
  aTextOrNull,
  null,
);

/** The one temporal dimension, or the one named. */
function temporalAxis(data: Cube, name: string | null): number {
  if (name !== null) return axisOf(data, name);
  const [axis, second] = axesOfType(data, 'temporal');
  if (axis === undefined) throw exception('DimensionNotAvailable', 'It has no temporal dimension.');
  if (second !== undefined) throw exception('TooManyDimensions');
  return axis;
}

function instantsOf(process: string, data: Cube, axis: number): readonly number[] {
  return data.dimensions[axis]!.labels.map((label) => {
    // Labels of an aggregation are years or months.
    const written = String(label);
    const parsed = parseInstant(
      /^\d{4}$/.test(written)
        ? `${written}-01-01`
        : /^\d{4}-(0[1-9]|1[0-2])$/.test(written)
          ? `${written}-01`
          : written,
    );
    if (parsed !== undefined) return parsed.epochMs;
    throw invalidParameter(process, 'data', `the label ${quoted(written)} is no date`);
  });
}

const textOf = (value: Value): string =>
  value !== null && typeof value === 'object' && isTemporal(value) ? value.text : String(value);

/** Left-closed: whether an instant is within. Ends that are null are open, but not both. */
type Interval = (epochMs: number) => boolean;

function dateEnd(process: string, parameter: string, value: Value): number | null {
  if (value === null) return null;
  const parsed = parseInstant(textOf(value));
  if (parsed !== undefined) return parsed.epochMs;
  throw invalidParameter(process, parameter, `${quoted(textOf(value))} is no date`);
}

function intervalOf(process: string, parameter: string, ends: Value): Interval {
  const [from = null, to = null] = isArray(ends) ? ends : [];
  const times = [from, to].map((value) => (value === null ? undefined : parseTimeOfDay(textOf(value))));
  const [fromTime, toTime] = times;
  if (parameter === 'intervals' && (fromTime !== undefined || toTime !== undefined)) {
    const [start, stop] = [fromTime ?? 0, toTime ?? DAY_MS];
    if ((from !== null && fromTime === undefined) || (to !== null && toTime === undefined)) {
      throw invalidParameter(process, parameter, 'one end is a time of day and the other is not');
    }
    return (ms) => {
      const time = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
      return start < stop ? time >= start && time < stop : time >= start || time < stop;
    };
  }
  const [start, stop] = [dateEnd(process, parameter, from), dateEnd(process, parameter, to)];
  if (start === null && stop === null) throw invalidParameter(process, parameter, 'both ends are open');
  if (start !== null && stop !== null && stop <= start)
    throw exception('TemporalExtentEmpty', `${textOf(from)} to ${textOf(to)}.`);
  return (ms) => (start === null || ms >= start) && (stop === null || ms < stop);
}

const filter: Process = {
  id: 'filter_temporal',
  summary: 'Keep a span of time',
  description: 'From the start up to, without, the end. All temporal dimensions, or the one named.',
  categories: ['cubes', 'filter'],
  parameters: [
    required('data', 'The data cube.', temporalCube),
    required('extent', 'Start and end; null for open, but not both.', interval),
    dimensionParameter,
  ],
  returns: { description: 'The data cube with fewer dates.', schema: temporalCube },
  exceptions: ['DimensionNotAvailable', 'TemporalExtentEmpty'],
  run: (args) => {
    const [data, name] = [cube(args, 'data'), optionalText(args, 'dimension')];
    const within = intervalOf('filter_temporal', 'extent', any(args, 'extent'));
    const axes = name === null ? axesOfType(data, 'temporal') : [axisOf(data, name)];
    if (axes.length === 0) throw exception('DimensionNotAvailable', 'It has no temporal dimension.');
    return axes.reduce((kept, axis) => {
      const positions = instantsOf('filter_temporal', kept, axis).flatMap((ms, i) => (within(ms) ? [i] : []));
      return select(kept, axis, positions);
    }, data);
  },
};

/** Own labels, or the starts of the intervals. */
function intervalLabels(args: Arguments, intervals: readonly Value[]): readonly Label[] {
  const own = labels(args, 'labels');
  const made =
    own.length > 0 ? own : intervals.map((ends) => textOf(isArray(ends) ? (ends[0] ?? null) : null));
  if (made.length !== intervals.length) {
    throw invalidParameter(
      'aggregate_temporal',
      'labels',
      `${made.length} labels do not fit ${intervals.length} intervals`,
    );
  }
  if (new Set(made).size !== made.length) throw exception('DistinctDimensionLabelsRequired');
  return made;
}

const aggregate: Process = {
  id: 'aggregate_temporal',
  summary: 'Aggregate over spans of time',
  description:
    'One value for each interval, made by the reducer from the values of the dates in it. Intervals may overlap.',
  categories: ['cubes', 'aggregate'],
  parameters: [
    required('data', 'The data cube.', temporalCube),
    required('intervals', 'Starts and ends; the end is not within. Times of day may run over midnight.', {
      type: 'array',
      subtype: 'temporal-intervals',
      minItems: 1,
      items: { type: 'array', subtype: 'temporal-interval', minItems: 2, maxItems: 2, items: endOrTime },
    }),
    required('reducer', 'Makes one value of many.', aReducer),
    optional('labels', 'Labels for the intervals; their starts otherwise.', labelList, []),
    dimensionParameter,
    context,
  ],
  returns: { description: 'The data cube with one label for each interval.', schema: temporalCube },
  exceptions: [
    'TooManyDimensions',
    'DimensionNotAvailable',
    'DistinctDimensionLabelsRequired',
    'TemporalExtentEmpty',
  ],
  run: (args) => {
    const [data, intervals] = [cube(args, 'data'), list(args, 'intervals')];
    const axis = temporalAxis(data, optionalText(args, 'dimension'));
    const tests = intervals.map((ends) => intervalOf('aggregate_temporal', 'intervals', ends));
    const made = relabelled(data.dimensions[axis]!, intervalLabels(args, intervals));
    const instants = instantsOf('aggregate_temporal', data, axis);
    const groups = tests.map((within) => instants.flatMap((ms, i) => (within(ms) ? [i] : [])));
    return reduceGroups(
      'aggregate_temporal',
      data,
      axis,
      groups,
      made,
      callback(args, 'reducer'),
      any(args, 'context'),
    );
  },
};

const aggregatePeriod: Process = {
  id: 'aggregate_temporal_period',
  summary: 'Aggregate over calendar periods',
  description:
    'One value for each period from the first date to the last, also for periods without a date. Periods are those of UTC.',
  categories: ['aggregate', 'climatology', 'cubes'],
  parameters: [
    required('data', 'The data cube.', temporalCube),
    required(
      'period',
      'How long each is; weeks are those of ISO 8601, a dekad is a third of a month.',
      oneOf(...Object.keys(periods)),
    ),
    required('reducer', 'Makes one value of many.', aReducer),
    dimensionParameter,
    context,
  ],
  returns: { description: 'The data cube with one label for each period.', schema: temporalCube },
  exceptions: ['TooManyDimensions', 'DimensionNotAvailable'],
  run: (args) => {
    const data = cube(args, 'data');
    const axis = temporalAxis(data, optionalText(args, 'dimension'));
    const instants = instantsOf('aggregate_temporal_period', data, axis);
    const { labels: names, groups } = periodsOver(periods[text(args, 'period')]!, instants);
    const made = relabelled(data.dimensions[axis]!, names);
    return reduceGroups(
      'aggregate_temporal_period',
      data,
      axis,
      groups,
      made,
      callback(args, 'reducer'),
      any(args, 'context'),
    );
  },
};

/** What goes along the temporal dimension. */
export const timeProcesses: readonly Process[] = [filter, aggregate, aggregatePeriod];
