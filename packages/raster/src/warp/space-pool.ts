import { createKernelSpace, type KernelSpace } from '../kernels/space.ts';
import { IDLE_SPACES_MAX } from './limits.ts';

/** Memory of work that ended. */
const idle: KernelSpace[] = [];

/** Calls `work` with a space that nothing else uses until it ends: reads may overlap, and a space serves one. */
export async function withSpace<T>(work: (space: KernelSpace) => Promise<T>): Promise<T> {
  const space = idle.pop() ?? createKernelSpace();
  const mark = space.mark();
  try {
    return await work(space);
  } finally {
    space.release(mark);
    if (idle.length < IDLE_SPACES_MAX) idle.push(space);
  }
}
