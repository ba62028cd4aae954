import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from '../../lib/bundling/options.ts';
import { configPage } from './support/config-page.ts';
import { costPage } from './support/cost-page.ts';
import { idleRows, idleTable, optionTable } from './support/idle-costs.ts';
import { synthesise } from './support/synthesise.ts';
import { configurations } from './support/variants.ts';

const docs = (name: string): string => join(repository, 'docs', name);
const apps = configurations.map(({ stage, file }) => synthesise(stage, file));
const [dev] = apps;
if (dev === undefined) throw new Error('there is no configuration');
afterAll(() => {
  for (const app of apps) app.remove();
});

/** `npx vitest run test/infra/docs.test.ts -u` writes the pages. */
describe('pages that are made', () => {
  it('configuration: every entry of the schema, each explained', async () => {
    const page = configPage();
    await expect(page).toMatchFileSnapshot(docs('configuration.md'));
    expect(page.match(/^\| `\w+(\.\w+)?` .*\| {2}\|$/gm) ?? []).toEqual([]);
  });

  it('cost: every type of resource of dev, and what a request bills', async () => {
    await expect(costPage(dev)).toMatchFileSnapshot(docs('cost.md'));
    expect(idleRows(dev).map(({ type }) => type)).toEqual(Object.keys(idleTable).sort());
  });

  it('cost: every type that an option brings', () => {
    const types = new Set(
      apps.flatMap((app) =>
        Object.values(app.templates).flatMap(({ Resources }) =>
          Object.values(Resources).map(({ Type }) => Type),
        ),
      ),
    );
    expect([...types].filter((type) => !(type in idleTable)).sort()).toEqual(Object.keys(optionTable).sort());
  });
});

describe('the page about deploying', () => {
  const text = readFileSync(docs('deploy.md'), 'utf8');

  it('names outputs that the stacks have', () => {
    const named = [...text.matchAll(/\$\(out (\w+) (\w+)\)/g)];
    expect(named.length).toBeGreaterThan(2);
    for (const [, stack = '', output = ''] of named) {
      expect(Object.keys(dev.templates[stack]?.Outputs ?? {}), stack).toContain(output);
    }
    for (const output of ['AddSomebody', 'SiteUrl', 'DashboardUrl']) {
      expect(text).toContain(output);
      expect(
        Object.values(dev.templates).some(({ Outputs }) => output in Outputs),
        output,
      ).toBe(true);
    }
  });

  it('names every stack, and the address that sign-in comes back to', () => {
    for (const stack of Object.keys(dev.templates))
      expect(text).toContain(`\`${stack === 'network' ? 'swath-<stage>-network' : stack}\``);
    const [, back = ''] = /BACK=(\S+)/.exec(text) ?? [];
    expect(dev.texts.get('identity')).toContain(`"${back}"`);
  });

  it('and the outputs use commands and flags that there are', () => {
    const program = globSync('packages/cli/src/**/*.ts', { cwd: repository })
      .map((file) => readFileSync(join(repository, file), 'utf8'))
      .join('\n');
    const said = [text, ...dev.texts.values()].join('\n');
    const calls = [...said.matchAll(/npx swath (\w+)([^\n`|#]*)/g)];
    expect(calls.length).toBeGreaterThan(6);
    for (const [call, command = '', rest = ''] of calls) {
      expect(program, call).toMatch(new RegExp(`\\.command\\('${command}\\b`));
      for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(program, call).toContain(`'${flag}`);
    }
  });

  it('names the environments and variables of the workflow', () => {
    const workflow = readFileSync(join(repository, '.github/workflows/deploy.yml'), 'utf8');
    for (const word of ['AWS_ROLE_ARN', 'AWS_REGION', 'prod-diff']) {
      expect(workflow).toContain(word);
      expect(text).toContain(word);
    }
  });
});
