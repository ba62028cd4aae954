import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** Instructions of a Dockerfile, comments left out. Continued lines are refused: ours has none. */
export function parseDockerfile(text: string): readonly Instruction[] {
  return text.split('\n').flatMap((line): Instruction[] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, word, rest] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined || rest.endsWith('\\')) {
      throw new Error(`not an instruction that is understood here: ${line}`);
    }
    return [{ word, rest }];
  });
}

export interface Image {
  /** Of the last stage. */
  readonly root: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly bases: readonly string[];
  /** What every stage ran. */
  readonly runs: readonly string[];
}

interface Stage {
  readonly root: string;
  folder: string;
  readonly environment: Record<string, string>;
}

/**
 * Performs a Dockerfile without an engine: every stage is a folder under `scratch`, COPY copies, RUN runs in a shell with the stage's
 * folder as working folder and, over the environment of `host`, what the stage's ENV and ARG say. What a base image holds is not
 * there: only commands of this machine are found.
 */
export function performDockerfile(
  text: string,
  options: {
    readonly context: string;
    readonly scratch: string;
    readonly args: Readonly<Record<string, string>>;
    readonly host: Readonly<NodeJS.ProcessEnv>;
  },
): Image {
  const stages = new Map<string, Stage>();
  const bases: string[] = [];
  const runs: string[] = [];
  let stage: Stage | undefined;
  let [user, entrypoint, command]: [string, readonly string[], readonly string[]] = ['root', [], []];
  for (const { word, rest } of parseDockerfile(text)) {
    if (word === 'FROM') {
      const [, base = '', name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      bases.push(base);
      stage = { root: mkdtempSync(join(options.scratch, 'stage-')), folder: '/', environment: {} };
      // Users other than ours read it.
      chmodSync(stage.root, 0o755);
      stages.set(name ?? 'last', stage);
      continue;
    }
    if (stage === undefined) throw new Error(`${word} before FROM`);
    const here = (path: string) =>
      join(stage?.root ?? '', path.startsWith('/') ? path : join(stage?.folder ?? '', path));
    switch (word) {
      case 'ARG': {
        const value = options.args[rest];
        if (value === undefined) throw new Error(`no value for ARG ${rest}`);
        stage.environment[rest] = value;
        break;
      }
      case 'ENV':
        for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g))
          stage.environment[name] = value;
        break;
      case 'WORKDIR':
        stage.folder = rest;
        mkdirSync(here('.'), { recursive: true });
        break;
      case 'COPY':
        copy(rest, (from) => (from === undefined ? options.context : found(stages, from).root), here);
        break;
      case 'RUN': {
        runs.push(rest);
        const { status, stderr, stdout } = spawnSync('/bin/sh', ['-c', rest], {
          cwd: here('.'),
          env: { ...options.host, ...stage.environment },
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(`RUN ended with ${status}: ${stderr}${stdout}`);
        break;
      }
      case 'VOLUME':
        // Permissions of a folder of the base image: an engine's business.
        break;
      case 'USER':
        user = rest;
        break;
      case 'ENTRYPOINT':
        entrypoint = words(rest);
        break;
      case 'CMD':
        command = words(rest);
        break;
      default:
        throw new Error(`${word} is not understood here`);
    }
  }
  if (stage === undefined) throw new Error('no FROM');
  const { root, folder, environment } = stage;
  return { root, workingFolder: join(root, folder), environment, user, entrypoint, command, bases, runs };
}

function found(stages: ReadonlyMap<string, Stage>, name: string): Stage {
  const stage = stages.get(name);
  if (stage === undefined) throw new Error(`COPY from a stage that is not there: ${name}`);
  return stage;
}

function copy(
  rest: string,
  rootOf: (stage: string | undefined) => string,
  here: (path: string) => string,
): void {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.+)$/.exec(rest) ?? [];
  const sources = paths.split(' ');
  const target = sources.pop() ?? '';
  const root = rootOf(from);
  for (const pattern of sources) {
    const matches = globSync(pattern.replace(/^\//, ''), { cwd: root });
    if (matches.length === 0) throw new Error(`COPY finds no ${pattern}`);
    for (const match of matches) {
      const source = join(root, match);
      // Docker copies the content of a folder, and a file by its name into a target that ends in a slash.
      const to =
        target.endsWith('/') && !statSync(source).isDirectory() ? join(target, basename(match)) : target;
      cpSync(source, here(to), { recursive: true });
    }
  }
}

/** The exec form. @throws when it is the shell form, whose shell would get the signals. */
function words(rest: string): readonly string[] {
  const parsed: unknown = JSON.parse(rest);
  if (!Array.isArray(parsed) || !parsed.every((word) => typeof word === 'string')) throw new Error(rest);
  return parsed;
}
