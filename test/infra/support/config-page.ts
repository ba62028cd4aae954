import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { repository } from '../../../lib/bundling/options.ts';
import { configFile } from '../../../lib/config.ts';

const node = z.looseObject({
  type: z.string().exactOptional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  exclusiveMinimum: z.number().exactOptional(),
  required: z.array(z.string()).exactOptional(),
  get properties() {
    return z.record(z.string(), node).exactOptional();
  },
  get items() {
    return node.exactOptional();
  },
  get anyOf() {
    return z.array(node).exactOptional();
  },
});
type Node = z.output<typeof node>;

/** `docs/configuration.md`: every entry of the configuration file, from the schema and the comments in lib/config.ts. */
export function configPage(): string {
  const schema = node.parse(z.toJSONSchema(configFile.shape.dev, { io: 'input' }));
  const comments = readComments(readFileSync(join(repository, 'lib/config.ts'), 'utf8'));
  return `# Configuration

\`swath.config.json\`, beside \`cdk.json\`; \`-c config=<file>\` names another. It holds what differs from the defaults, by stage: no entry is
required, and neither is the file. A wrong entry ends the synthesis with its JSON pointer.

\`\`\`json
{ "dev": {}, "prod": { "operatorEmail": "ops@example.org", "network": { "mode": "nat" } } }
\`\`\`

Made from \`lib/config.ts\`; a test keeps this page equal to it.

| entry | takes | default | |
|---|---|---|---|
${rowsOf(schema, [], comments).join('\n')}
`;
}

interface Comment {
  readonly text: string;
  readonly otherwise: string | undefined;
}
/** By `<const>/<name>`. */
type Comments = ReadonlyMap<string, Comment>;

function readComments(source: string): Comments {
  const found = new Map<string, Comment>();
  for (const [, block = '', body = ''] of source.matchAll(
    /const (\w+) = z\.strictObject\(\{\n([\s\S]*?)\n\}\);/g,
  )) {
    for (const [, comment = '', name = ''] of body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+):/g)) {
      const [text = '', otherwise] = comment
        .replace(/\s*\n\s*\*?\s*/g, ' ')
        .trim()
        .split(/\s*@default /);
      found.set(`${block}/${name}`, { text, otherwise: otherwise?.trim() });
    }
  }
  return found;
}

function rowsOf(
  { properties = {}, required = [] }: Node,
  path: readonly string[],
  comments: Comments,
): string[] {
  return Object.entries(properties).flatMap(([name, one]) => {
    const here = [...path, name];
    // A section's constant is called as its entry: network, networkConfig.
    const block = path.length === 0 ? 'stageOptions' : `${path[0]}Config`;
    const comment = comments.get(`${block}/${name}`);
    const inside = one.type === 'object' && one.properties !== undefined ? rowsOf(one, here, comments) : [];
    if (inside.length > 0 && path.length === 0 && comment === undefined) return inside;
    const byDefault = defaultOf(one, comment, required.includes(name) ? 'required here' : '');
    return [`| \`${here.join('.')}\` | ${kindOf(one)} | ${byDefault} | ${comment?.text ?? ''} |`, ...inside];
  });
}

function defaultOf(one: Node, comment: Comment | undefined, otherwise: string): string {
  // Of most sections, each entry says its own.
  if (one.default !== undefined && JSON.stringify(one.default) !== '{}')
    return `\`${JSON.stringify(one.default)}\``;
  return comment?.otherwise ?? otherwise;
}

function kindOf(one: Node): string {
  if (one.enum !== undefined) return one.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (one.anyOf !== undefined) return one.anyOf.map(kindOf).join(' or ');
  if (one.items !== undefined) return `list of ${kindOf(one.items)}`;
  const { minimum, maximum, exclusiveMinimum } = one;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined) return `above ${exclusiveMinimum}`;
  const words: Readonly<Record<string, string>> = {
    boolean: 'true or false',
    string: 'text',
    null: '`null`',
  };
  return words[one.type ?? ''] ?? one.type ?? '';
}
