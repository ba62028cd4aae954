import { kernelCache } from '../expression/kernel-cache.ts';
import { createKernelSpace, type KernelSpace } from '../kernels/space.ts';

/** What one piece of work at a time computes with: kernel memory, and expressions compiled for it. */
export interface Workspace {
  readonly space: KernelSpace;
  readonly compile: ReturnType<typeof kernelCache>;
}

export function createWorkspace(): Workspace {
  const space = createKernelSpace();
  return { space, compile: kernelCache(space.memory) };
}
