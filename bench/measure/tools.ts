import { runQuietly } from './run-quietly.ts';

/** Debian's Python, which its python3-gdal, python3-numpy and python3-rasterio belong to. */
export const PYTHON = '/usr/bin/python3';

/** `GDAL 3.6.2` of one of GDAL's programs; undefined where it is not installed. */
export async function toolVersion(program: string): Promise<string | undefined> {
  return /GDAL [\d.]+/.exec(await outputOf(program, ['--version']))?.[0];
}

/** Versions of Python modules, `numpy 1.24.2`, in the order asked for; undefined where one is missing. */
export async function pythonModules(...names: readonly string[]): Promise<string | undefined> {
  const script = names.map((name) => `import ${name}; print('${name}', ${name}.__version__)`).join('\n');
  const text = await outputOf(PYTHON, ['-c', script]);
  return text === '' ? undefined : text.trim().replaceAll('\n', ', ');
}

/** What a program says; nothing when it cannot be run. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  try {
    return await runQuietly(program, args);
  } catch {
    return ''; // Not installed: that is the answer, not a failure.
  }
}
