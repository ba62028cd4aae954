import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';
import { repository } from '../../../lib/bundling/options.ts';
import type { SwathConfig } from '../../../lib/config.ts';
import type { HandlerFunction } from '../../../lib/constructs/handler-function.ts';
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
  /** Every function of ours. */
  readonly handlers: readonly Handler[];
}

/** Where a function stands in the templates. */
export interface Handler {
  /** Of its contract. */
  readonly name: string;
  readonly stack: string;
  /** Logical ids. */
  readonly functionId: string;
  readonly roleId: string;
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
  const stage = new SwathStage(app, config);
  const handlers = handlersOf(stage).map((one) => ({
    name: one.contract.name,
    stack: Stack.of(one).stackName,
    functionId: logicalId(one.function),
    roleId: logicalId(one.role),
  }));
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
    handlers,
    asset: (key) => join(folder, `asset.${key.replace(/\.zip$/, '')}`),
  };
}

/** All functions of a stage, by construct. */
export const handlersOf = ({ ordering, api, analytics }: SwathStage): readonly HandlerFunction[] => [
  ...ordering.handlers.values(),
  ...api.functions.values(),
  analytics.compact,
];

function logicalId(construct: IConstruct): string {
  const element = construct.node.defaultChild;
  if (!CfnElement.isCfnElement(element)) throw new Error(`${construct.node.path} is no resource`);
  return String(Stack.of(construct).resolve(element.logicalId));
}
