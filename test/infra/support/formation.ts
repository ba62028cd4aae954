import {
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';

const output = z.looseObject({ Value: z.unknown() });
const reference = z.looseObject({ StackName: z.string(), OutputName: z.string() });
const template = z.looseObject({
  Outputs: z.record(z.string(), output).default({}),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      DependsOn: z.unknown().optional(),
    }),
  ),
});

/** Without rules and parameters, which are about the bootstrap. */
export interface Part {
  readonly Outputs: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

/** Outputs of stacks that stand, by `<stack>/<output>`. */
export type Outputs = ReadonlyMap<string, string>;

/** By the type of a resource, and its properties as the template has them. */
export type Keeps = (type: string, properties: Readonly<Record<string, unknown>>) => boolean;

/**
 * The resources of a template that `keeps` wants. What they say of others that are not made becomes a text, at which moto
 * would fail otherwise; and it knows no `Fn::GetStackOutput`, whose value is looked up here.
 */
export function partOf(text: string, keeps: Keeps, outputs: Outputs): Part {
  const { Resources, Outputs } = template.parse(JSON.parse(text));
  const kept = new Map(
    Object.entries(Resources).filter(([, { Type, Properties = {} }]) => keeps(Type, Properties)),
  );
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, of] = ['', undefined]] = Object.entries(value);
    if (name === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = reference.parse(of);
      return (
        outputs.get(`${StackName}/${OutputName}`) ?? `arn:aws:none:eu-central-1:123456789012:${OutputName}`
      );
    }
    const target = name === 'Ref' ? of : name === 'Fn::GetAtt' && Array.isArray(of) ? of[0] : undefined;
    if (typeof target === 'string' && target in Resources && !kept.has(target)) {
      return `arn:aws:none:eu-central-1:123456789012:removed/${target}`;
    }
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rewrite(one)]));
  };
  return {
    Outputs: Object.fromEntries(
      Object.entries(Outputs).map(([id, { Value }]) => [id, { Value: rewrite(Value) }]),
    ),
    Resources: Object.fromEntries(
      [...kept].map(([id, { DependsOn, ...resource }]) => {
        const needed = [DependsOn ?? []].flat().filter((one) => typeof one === 'string' && kept.has(one));
        const made = { Type: resource.Type, ...(rewrite(resource) as object) };
        return [id, needed.length === 0 ? made : { ...made, DependsOn: needed }];
      }),
    ),
  };
}

/** Creates the stack. @returns ids of what was made; none when it fails, with what CloudFormation said. */
export async function createStack(
  client: CloudFormationClient,
  name: string,
  part: Part,
): Promise<{
  readonly made: ReadonlySet<string>;
  readonly said: string;
  readonly outputs: Outputs;
}> {
  try {
    await client.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: JSON.stringify(part),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const made = new Set<string>();
    for await (const page of paginateListStackResources({ client }, { StackName: name })) {
      for (const { LogicalResourceId: id } of page.StackResourceSummaries ?? []) {
        // Of types it does not know, moto lists one resource without a name.
        if (id !== undefined && id in part.Resources) made.add(id);
      }
    }
    const outputs = (Stacks[0]?.Outputs ?? []).map(
      ({ OutputKey, OutputValue }) => [`${name}/${OutputKey}`, OutputValue ?? ''] as const,
    );
    return { made, said: Stacks[0]?.StackStatus ?? '', outputs: new Map(outputs) };
  } catch (error) {
    return { made: new Set(), outputs: new Map(), said: String(error).split('\n')[0]?.slice(0, 200) ?? '' };
  }
}
