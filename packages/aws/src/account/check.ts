/** One line of the doctor's answer. */
export interface Check {
  readonly name: string;
  /** `warning`: a deploy works, with a drawback that `fix` takes away. */
  readonly status: 'ok' | 'warning' | 'failed';
  /** What was found, one sentence. */
  readonly found: string;
  /** What to do; absent when there is nothing to do. */
  readonly fix?: string;
}

export const ok = (name: string, found: string): Check => ({ name, status: 'ok', found });
export const warning = (name: string, found: string, fix: string): Check => ({
  name,
  status: 'warning',
  found,
  fix,
});
export const failed = (name: string, found: string, fix: string): Check => ({
  name,
  status: 'failed',
  found,
  fix,
});
