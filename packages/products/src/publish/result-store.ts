import type { Objects } from '@swath/ports';

/** What publishing needs of a bucket. A plain folder can do that too, for `swath run`. */
export type ResultStore = Pick<Objects, 'put' | 'head' | 'get'>;
