// Runs a script of the bundle from V8's code cache. Node's own cache keeps a module as it was before any of its functions ran, so
// each is compiled again when it is first called, in every process and thread; this one keeps those that ran, too.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

const CHECKSUM_BYTES = 4;

/** Compiled code that was kept; undefined the first time, and when the file is broken. */
function keptCode(file) {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(CHECKSUM_BYTES);
    return bytes.readUInt32LE() === crc32(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all: another process may do the same, or read it. A folder that cannot be written to keeps nothing. */
function keepCode(file, code) {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(code));
  const unfinished = `${file}.${process.pid}-${threadId}`;
  try {
    writeFileSync(unfinished, Buffer.concat([checksum, code]));
    renameSync(unfinished, file);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOENT'].includes(error.code)) throw error;
  }
}

/** Commands run different parts of the same script, and keep what is theirs. */
function commandName() {
  const [, , first = ''] = process.argv;
  return isMainThread && /^[a-z]{1,20}$/.test(first) ? first : 'any';
}

/**
 * Runs a script that bundle.mjs made. What it has compiled is kept when the process, or the thread, ends well.
 * @param {string} path of the script, in CommonJS format
 */
export function runBundled(path) {
  const file = `${path}.${commandName()}.code`;
  const cachedData = keptCode(file);
  const source = `(function (exports, require, module, here) {${readFileSync(path, 'latin1')}\n})`;
  const script = new Script(source, { filename: path, cachedData });
  if (script.cachedDataRejected !== false) {
    process.on('exit', (code) => {
      if (code === 0) keepCode(file, script.createCachedData());
    });
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, pathToFileURL(path).href);
}
