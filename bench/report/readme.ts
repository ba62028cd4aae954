import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { aoiMarkdown, loadAoi } from './aoi-report.ts';
import { jobMarkdown } from './job-report.ts';
import { loadJobResults } from './job-result.ts';
import { loadScaling, scalingMarkdown } from './scaling-report.ts';

const readme = resolve(import.meta.dirname, '../README.md');

/** Writes what results/ holds between the README's markers. */
export async function updateReadme(): Promise<void> {
  const jobs = await loadJobResults();
  const scaling = await loadScaling();
  const aoi = await loadAoi();
  let text = await readFile(readme, 'utf8');
  text = between(text, 'results', jobs.length === 0 ? NOTHING : jobs.map(jobMarkdown).join('\n'));
  text = between(text, 'aoi', aoi === undefined ? NOTHING : aoiMarkdown(aoi));
  text = between(text, 'scaling', scaling === undefined ? NOTHING : scalingMarkdown(scaling));
  await writeFile(readme, text);
}

const NOTHING = 'Nothing measured yet.';

/** @throws Error when the README has lost its markers. */
export function between(text: string, section: string, content: string): string {
  const [start, end] = [`<!-- ${section}: generated -->`, `<!-- ${section}: end -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`bench/README.md lacks "${start}" or "${end}"`);
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
