import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Check } from '@swath/aws/account/check';

const run = promisify(execFile);

/** A running engine answers at once; one that is starting gets some time. */
const PATIENCE_MS = 10_000;

/** A deploy builds the image of the jobs with a container engine: `docker`, or what CDK_DOCKER names (finch, podman). */
export async function checkContainerEngine(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check> {
  const name = 'Container engine';
  const engine = env['CDK_DOCKER'] ?? 'docker';
  try {
    const { stdout } = await run(engine, ['version', '--format', '{{.Server.Version}}'], {
      timeout: PATIENCE_MS,
    });
    return { name, status: 'ok', found: `${engine} ${stdout.trim()}.` };
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return {
      name,
      status: 'failed',
      found: absent ? `There is no ${engine} on this machine.` : `${engine} does not answer.`,
      fix: absent
        ? 'Install Docker, finch or podman (export CDK_DOCKER=finch), or deploy from CI, which has one.'
        : `Start ${engine}.`,
    };
  }
}
