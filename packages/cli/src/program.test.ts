import { describe, expect, it } from 'vitest';
import { runProgram } from './program.ts';
import { realTools } from './real-tools.ts';

/** What the program writes, and how it ends. */
async function swath(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await runProgram(
    args,
    {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      now: () => 0,
      readStdin: async () => '',
      env: {},
      signal: new AbortController().signal,
    },
    realTools,
  );
  return { code, ...written };
}

const namesIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}(?<name>[a-z]+)(?: [[<|].*| {2,}.*)$/gm)].map(
    ({ groups }) => groups?.['name'] ?? '',
  );

describe('a command line', () => {
  it('finds every command that the help lists by its name, without the others', async () => {
    const { code, stdout } = await swath('--help');
    expect(code).toBe(0);
    const names = namesIn(stdout).filter((name) => name !== 'help');
    expect(names).toEqual(expect.arrayContaining(['up', 'run', 'uploads', 'destroy']));
    for (const name of names) {
      const own = await swath(name, '--help');
      expect(own.code).toBe(0);
      expect(own.stdout).toMatch(new RegExp(`^Usage: swath ${name}\\b`));
    }
  });

  it('suggests a command for a misspelt one', async () => {
    const { code, stderr } = await swath('rnu');
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'rnu'\n(Did you mean run?)");
  });
});
