import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { repository } from '../../../lib/bundling/options.ts';
import type { SwathConfig } from '../../../lib/config.ts';
import { SwathStage } from '../../../lib/stage.ts';

export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a synthesis wrote, as CloudFormation would read it. */
export interface Assembly {
  readonly folder: string;
  /** Names of stacks, those that others need first. */
  readonly stacks: readonly string[];
  readonly resources: readonly Resource[];
  /** Value of an output, intrinsic functions and all. */
  readonly output: (stack: string, name: string) => unknown;
  /** Folder of an asset by the key a template names. */
  readonly asset: (key: string) => string;
}

const template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
});

/** Synthesises one stage as `cdk synth` does, with the context of cdk.json. */
export function synthesise(config: SwathConfig, folder: string): Assembly {
  const { context } = z
    .looseObject({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8')));
  const app = new App({ outdir: folder, context });
  new SwathStage(app, config);
  const { stacks } = app.synth();
  const templates = new Map(stacks.map((stack) => [stack.stackName, template.parse(stack.template)]));
  return {
    folder,
    stacks: stacks.map(({ stackName }) => stackName),
    resources: [...templates].flatMap(([stack, { Resources }]) =>
      Object.entries(Resources).map(([id, { Type, Properties }]) => ({
        stack,
        id,
        type: Type,
        properties: Properties,
      })),
    ),
    output: (stack, name) => {
      const found = templates.get(stack)?.Outputs[name];
      if (found === undefined) throw new Error(`stack ${stack} has no output ${name}`);
      return found.Value;
    },
    asset: (key) => join(folder, `asset.${key.replace(/\.zip$/, '')}`),
  };
}
