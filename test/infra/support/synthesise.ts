import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import type { Acknowledgement } from '../../../lib/acknowledgements.ts';
import { repository } from '../../../lib/bundling/options.ts';
import { addChecks } from '../../../lib/checks.ts';
import { configOf, type StageName } from '../../../lib/config.ts';
import { SwathStage } from '../../../lib/stage.ts';

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
const template = z.looseObject({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.output<typeof resource>;

export interface Synthesised {
  readonly stage: SwathStage;
  /** Template of each stack by the stack's word, such as `storage`. */
  readonly templates: Readonly<Record<string, z.output<typeof template>>>;
  /** As they were written. */
  readonly texts: ReadonlyMap<string, string>;
  /** Path of each template. */
  readonly files: readonly string[];
  readonly used: ReadonlySet<Acknowledgement>;
  /** What was said while synthesising: `<construct>: <text>`. */
  readonly messages: readonly string[];
  /** All resources of a type, by `<stack>/<logical id>`. */
  readonly resources: (type: string) => ReadonlyMap<string, Resource>;
  readonly remove: () => void;
}

/** Apps of several configurations, by what is special about them. */
export type Variants = readonly (readonly [name: string, app: Synthesised])[];

/**
 * The app as `bin/app.ts` makes it, checks included, without bundling: code is a placeholder, templates are what is
 * looked at. Synthesis fails when cdk-nag finds something.
 */
export function synthesise(name: StageName, file: unknown = {}): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'swath-synth-'));
  const { context } = z
    .object({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8')));
  const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const stage = new SwathStage(app, configOf(name, file));
  const used = new Set<Acknowledgement>();
  addChecks(app, used);
  const assembly = app.synth();
  const config = configOf(name, file);
  const word = (stackName: string) => stackName.slice(`${config.name}-${name}-`.length);
  const texts = new Map(
    assembly.stacks.map((stack) => [word(stack.stackName), readFileSync(stack.templateFullPath, 'utf8')]),
  );
  const templates = Object.fromEntries(
    [...texts].map(([stack, text]) => [stack, template.parse(JSON.parse(text))]),
  );
  return {
    stage,
    templates,
    texts,
    files: assembly.stacks.map((stack) => stack.templateFullPath),
    used,
    messages: assembly.stacks.flatMap((stack) =>
      stack.messages.map((message) => `${message.id}: ${String(message.entry.data)}`),
    ),
    resources: (type) =>
      new Map(
        Object.entries(templates).flatMap(([stack, { Resources }]) =>
          Object.entries(Resources).flatMap(([id, found]): [string, Resource][] =>
            found.Type === type ? [[`${stack}/${id}`, found]] : [],
          ),
        ),
      ),
    remove: () => rmSync(outdir, { recursive: true }),
  };
}
