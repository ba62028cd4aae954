import { missedVectors, vectorCounts } from '../evaluate/vectors.fixture.ts';
import {
  MAX_ARRAY_LENGTH,
  MAX_CUBE_CELLS,
  MAX_GRAPH_BYTES,
  MAX_GRAPH_DEPTH,
  MAX_GRAPH_NODES,
  MAX_STEPS,
} from '../limits.ts';
import type { Process } from './definition.ts';
import { registry } from './registry.ts';

const intro = `# openEO processes

Swath reads [openEO](https://openeo.org) process graphs. This page lists the processes it knows: the same list as \`GET /processes\`
and \`swath graph processes [TEXT]\`. It is generated from the code; \`npx vitest run packages/graph/src/registry -u\` writes it.

## Try a process, check a graph

\`\`\`
swath graph eval FILE --json      # FILE: JSON or JSON5; - is standard input
swath graph validate FILE         # everything that is wrong with a graph, at once
swath graph processes date        # processes with a word in name, summary or category
\`\`\`

\`eval\` takes one call, \`{"process_id": "add", "arguments": {"x": 1, "y": 2}}\`, an array of calls, or a process with its
\`process_graph\`. It prints one line for each: \`{"returns": 3}\`, or \`{"throws": "ArrayElementNotAvailable", "message": "..."}\`
with the name openEO gives the trouble. A call that fails does not stop those behind it, and is no failure of the command.

Values are written as in the [test documents of the openEO processes](https://github.com/Open-EO/openeo-processes/tree/draft/tests):
\`{"type": "datacube", ...}\`, \`{"type": "labeled-array", "data": [{"key": ..., "value": ...}]}\`, \`{"type": "datetime", "value": ...}\`,
geometries as GeoJSON. No data is \`null\` (\`{"type": "nodata"}\` is understood); in a data cube it is the cube's \`nodata\` value. NaN and
the infinities are printed as \`"NaN"\`, \`"Infinity"\`, \`"-Infinity"\`, and understood so wherever a number is needed.

\`validate\` finds missing and second result nodes, cycles, references to nowhere in any callback, processes that Swath does not have
(all of them, each with its node), and arguments that are missing, unknown or of a type that cannot fit. It ends with 2 when it found
something, and with \`--json\` prints \`{"valid": ..., "problems": [{"code", "message", "node", "pointer", "fix"}]}\`.
`;

function limits(): string {
  return `## Limits

A graph: ${MAX_GRAPH_NODES} nodes with those of callbacks, ${MAX_GRAPH_DEPTH} levels of nesting, ${MAX_GRAPH_BYTES / 1024} kB of JSON.
An evaluation: ${MAX_CUBE_CELLS.toLocaleString('en')} cells in a data cube, ${MAX_ARRAY_LENGTH.toLocaleString('en')} elements in an array that a
process makes, ${MAX_STEPS.toLocaleString('en')} nodes run. Beyond them the answer is \`ProcessGraphComplexity\`.
`;
}

function vectors(): string {
  const rows = Object.entries(vectorCounts).map(([level, [met, all]]) => `| ${level} | ${met} | ${all} |`);
  const [met, all] = Object.values(vectorCounts).reduce(([m, a], [x, y]) => [m + x, a + y], [0, 0]);
  const misses = missedVectors.map(
    ([id, index, level, reason]) => `| ${id} | ${index} | ${level} | ${reason} |`,
  );
  return `## Official test vectors

Of ${all} vectors of the openEO processes, by level of its profile, Swath meets ${met}:

| level | met | of |
|---|---|---|
${rows.join('\n')}

The others contradict their definition or themselves; Swath follows the definition:

| process | index | level | why not |
|---|---|---|---|
${misses.join('\n')}

The two of level L1, which have to be right for a process to be listed:

- \`apply_dimension\` 2 goes along the dimension \`bands\` of an asset that has \`t\`, \`y\` and \`x\`. The definition of the parameter:
  "Fails with a \`DimensionNotAvailable\` exception if the specified dimension does not exist." That is what Swath answers; with
  \`t\` in its place it gives the expected values.
- \`product\` 10 multiplies 1, -Infinity, 3 and Infinity, and expects NaN. The definition: "The computations follow IEEE Standard 754",
  by which the product of infinities of different sign is -Infinity and only zero times infinity is invalid (sections 6.1 and 7.2).
  \`product\` 9 takes one of them (1, -Infinity, 3: -Infinity), \`multiply\` 17 two (-Infinity times -Infinity: Infinity), as IEEE says.

Where a vector uses an older spelling, it is understood beside the present one: \`from_argument\` for \`from_parameter\`, \`process\` for
the \`condition\` of array_filter, \`element\` for \`x\` in the condition of count, a callback without its \`process_graph\`.
`;
}

function row({ id, parameters, summary, run, experimental }: Process): string {
  const names = parameters.map(({ name, optional }) => (optional === true ? `[${name}]` : name)).join(', ');
  const notes = [run === undefined ? 'jobs only' : '', experimental === true ? 'experimental' : ''].filter(
    (note) => note !== '',
  );
  return `| ${id} | ${names} | ${summary} | ${notes.join(', ')} |`;
}

/** docs/openeo-processes.md as it should be. */
export function processesPage(): string {
  const rows = [...registry.values()].map(row);
  return `${intro}
${limits()}
${vectors()}
## Processes

${rows.length} processes; parameters in brackets may be left out.

| process | parameters | what it is | |
|---|---|---|---|
${rows.join('\n')}
`;
}
