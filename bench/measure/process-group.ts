import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/**
 * Resident memory of all processes of one group, in bytes, summed (pages shared between them count once for each).
 * Linux only: undefined elsewhere, where /proc does not exist.
 */
export function createGroupMemory(group: number): () => number | undefined {
  // A process never moves into a stranger's group here, so each pid is looked up once.
  const foreign = new Set<string>();
  return () => {
    let entries: string[];
    try {
      entries = readdirSync('/proc');
    } catch {
      return undefined;
    }
    let bytes = 0;
    for (const pid of entries) {
      if (!/^\d+$/.test(pid) || foreign.has(pid)) continue;
      const fields = statFields(pid);
      if (fields === undefined) continue;
      if (fields.group === group) bytes += fields.residentPages * PAGE_BYTES;
      else foreign.add(pid);
    }
    return bytes;
  };
}

/** Fields 5 and 24 of /proc/PID/stat (proc(5)); the name before them, in brackets, may hold anything. */
function statFields(pid: string): { readonly group: number; readonly residentPages: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined; // It has just ended.
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { group: Number(fields[2]), residentPages: Number(fields[21]) };
}
