import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '@swath/api';
import { priceTable } from '@swath/core/price-table';
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

  it('cost: every price of the table is used, from a page of AWS, and the doctor says the same', () => {
    const code = [
      ...globSync('test/infra/support/*.ts', { cwd: repository }),
      ...globSync('lib/**/*.ts', { cwd: repository }),
      ...globSync('packages/requests/src/cost/*.ts', { cwd: repository }),
    ]
      .map((file) => readFileSync(join(repository, file), 'utf8'))
      .join('\n');
    for (const [name, { usd, source, seen }] of Object.entries(priceTable)) {
      expect(code, name).toMatch(new RegExp(`prices\\.${name}\\b|of\\('${name}'\\)|'${name}'`));
      expect(usd, name).toBeGreaterThan(0);
      expect(source, name).toMatch(/^[a-z0-9-]+\/pricing\/([a-z-]+\/)?$/);
      expect(seen, name).toMatch(/^20\d\d-\d\d$/);
    }
    const doctor = readFileSync(join(repository, 'packages/aws/src/account/doctor.ts'), 'utf8');
    expect(doctor).toContain(`CROSS_REGION_USD_PER_GB = ${priceTable.transferRegionGb.usd};`);
    expect(doctor).toContain(`$${priceTable.s3GetThousand.usd} per 1,000 GETs`);
  });

  it('cost: dev stays below three dollars a month, and a tile below two cents', () => {
    const page = costPage(dev);
    const [, idle = 'none'] = /^\*\*(\d+\.\d\d) USD a month\*\*/m.exec(page) ?? [];
    expect(Number(idle)).toBeLessThan(3);
    const sums = [...page.matchAll(/^\| \*\*together\*\* \| \*\*([\d.]+)\*\*/gm)];
    const [tile, thousand] = sums.map(([, usd]) => usd);
    expect(Number(tile)).toBeLessThan(0.02);
    expect(Number(thousand)).toBeLessThan(12);
  });

  it('cost: what other pages quote is what the page says', () => {
    const page = costPage(dev);
    const [, idle = '', list = ''] =
      /^\*\*(\d+\.\d\d) USD a month\*\*[\s\S]*?\*\*(\d+\.\d\d) USD\*\* at list price/m.exec(page) ?? [];
    const quoted = (file: string, pattern: RegExp) =>
      pattern
        .exec(readFileSync(join(repository, file), 'utf8'))
        ?.slice(1)
        .map(Number);
    const deploy = quoted(
      'docs/deploy.md',
      /about (\d+\.\d\d) USD a month while nothing happens \((\d+\.\d\d) at list price\)/,
    );
    // "About": to half a tenth of a dollar.
    expect(deploy?.[0]).toBeCloseTo(Number(idle), 1);
    expect(deploy?.[1]).toBe(Number(list));
    const readme = quoted(
      'README.md',
      /idle about (\d+\.\d\d) USD a month \((\d+) without AWS's allowances\)/,
    );
    expect(readme?.[0]).toBeCloseTo(Number(idle), 1);
    expect(readme?.[1]).toBe(Math.round(Number(list)));
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
    expect(named.length).toBeGreaterThan(1);
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

  it('names every stack, and the endpoints of sign-in', () => {
    for (const stack of Object.keys(dev.templates))
      expect(text).toContain(`\`${stack === 'network' ? 'swath-<stage>-network' : stack}\``);
    const posted = [...text.matchAll(/\$SWATH_URL(\/oidc\/\w+)"/g)].map(([, path]) => `POST ${path}`);
    expect(posted.length).toBeGreaterThan(1);
    const known = routes.map(({ method, path }) => `${method} ${path}`);
    for (const one of posted) expect(known).toContain(one);
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
