import { SwathError } from '@swath/core';
import type { Expression } from '@swath/raster/expression/index';
import { indexConstants } from './constants.ts';
import { centreNm, type SpectralSensor } from './sensors.ts';
import type { SpectralIndex } from './spectral-index.ts';

/**
 * Values of an index's constants: the user's, else the sensor's wavelength, else the catalogue's.
 * @param sensor of the scenes; undefined before any scene is known: then Sentinel-2 stands in for wavelengths.
 * @throws SwathError InvalidInput for a constant the index does not have, or one that has no value yet.
 */
export function constantsOf(
  index: SpectralIndex,
  given: Readonly<Record<string, number>>,
  sensor: SpectralSensor | 'other' | undefined,
  pointer: string,
): Readonly<Record<string, number>> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(index.constants, name));
  if (unknown !== undefined) {
    const names = Object.keys(index.constants);
    throw new SwathError('InvalidInput', `${index.name} has no constant "${unknown.slice(0, 64)}".`, {
      pointer,
      fix: names.length === 0 ? 'It has none: leave "constants" out.' : `It has ${names.join(', ')}.`,
    });
  }
  return Object.fromEntries(
    Object.entries(index.constants).map(([name, usual]) => {
      const value = given[name] ?? usual ?? wavelength(name, sensor);
      if (value !== undefined) return [name, value];
      throw new SwathError('InvalidInput', `${index.name} needs a value for ${name}.`, {
        pointer,
        fix: `Give {"index": "${index.name}", "constants": {"${name}": ...}}: ${indexConstants[name]?.meaning}.`,
      });
    }),
  );
}

function wavelength(name: string, sensor: SpectralSensor | 'other' = 'sentinel-2'): number | undefined {
  const band = indexConstants[name]?.wavelengthOf;
  return band === undefined || sensor === 'other' ? undefined : centreNm(sensor, band);
}

/** The same expression with numbers in the place of these names. */
export function withConstants(
  expression: Expression,
  constants: Readonly<Record<string, number>>,
): Expression {
  const inside = (child: Expression) => withConstants(child, constants);
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'band': {
      const value = Object.hasOwn(constants, expression.name) ? constants[expression.name] : undefined;
      return value === undefined ? expression : { kind: 'number', value };
    }
    case 'unary':
      return { ...expression, operand: inside(expression.operand) };
    case 'binary':
      return { ...expression, left: inside(expression.left), right: inside(expression.right) };
    case 'call':
      return { ...expression, args: expression.args.map(inside) };
    case 'choose':
      return {
        ...expression,
        test: inside(expression.test),
        yes: inside(expression.yes),
        no: inside(expression.no),
      };
  }
}
