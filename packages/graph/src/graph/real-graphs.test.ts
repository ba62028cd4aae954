import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { parseProcess } from './parse.ts';
import { validateProcess } from './validate.ts';

const root = sharedPath('data', '04-openeo');
if (root === undefined) console.warn('skipped: no shared data');

interface Found {
  readonly name: string;
  readonly process: unknown;
}

/** Every object with a process_graph, outermost only. */
function graphsIn(value: unknown, name: string): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('process_graph' in value) return [{ name, process: value }];
  return Object.entries(value).flatMap(([key, item]) => graphsIn(item, `${name}/${key}`));
}

const graphs =
  root === undefined
    ? []
    : globSync(['apex/**/*.json', 'process-graphs/*.json'], { cwd: root })
        .sort()
        .flatMap((file) => graphsIn(JSON.parse(readFileSync(join(root, file), 'utf8')), file));

/** What titiler-openeo's tile server gives to every graph of a service. */
const tileParameters = ['east', 'north', 'south', 'west', 'crs'].map((side) => ({
  name: `spatial_extent_${side}`,
}));

/** `valid`, or what stands against it. */
function verdict({ name, process }: Found): string {
  const document = parseProcess(process);
  const given = name.startsWith('process-graphs') ? tileParameters : [];
  const problems = validateProcess({ ...document, parameters: [...document.parameters, ...given] });
  for (const { code, node, message } of problems) {
    if (code === 'ProcessUnsupported') expect(message).toContain(`"${node}"`);
  }
  const short = problems.map(({ code, message, node }) =>
    code === 'ProcessUnsupported'
      ? `${/the process "([^"]+)"/.exec(message)?.[1]} (${node})`
      : `${code}: ${message}`,
  );
  return short.length === 0 ? 'valid' : [...new Set(short)].join('; ');
}

describe.skipIf(root === undefined)('graphs of ESA APEx and titiler-openeo', () => {
  it('are found', () => {
    expect(graphs.length).toBeGreaterThan(60);
  });

  it('are valid, or refused by naming each missing process with its node', () => {
    expect(graphs.map((found) => `${found.name}: ${verdict(found)}`)).toMatchSnapshot();
  });
});
