import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PYTHON = '/usr/bin/python3';

/** Whether GDAL's tools and Debian's Python bindings are here. */
export const hasGdal = (() => {
  try {
    execFileSync('gdalinfo', ['--version'], { stdio: 'pipe' });
    execFileSync(PYTHON, ['-c', 'from osgeo import gdal, gdal_array'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

/** For `describe.skipIf(!gdal(...))`: says loudly what is not tested. */
export function gdalOrWarn(what: string): boolean {
  if (!hasGdal) console.warn(`skipped: no GDAL on this machine, so ${what} is not checked`);
  return hasGdal;
}

/** Runs Python with osgeo; what the script prints as its last line is parsed as JSON. */
export function gdalPython(script: string, ...args: string[]): unknown {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is not here`);
  const prelude =
    'import sys, json, math\nfrom osgeo import gdal, osr\nimport numpy as np\ngdal.UseExceptions()\n';
  const text = execFileSync(PYTHON, ['-c', prelude + script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(text.trim().split('\n').at(-1) ?? 'null');
}

/** Runs one of GDAL's programs, quietly. */
export function gdalTool(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
}
