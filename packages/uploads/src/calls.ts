/** What the API calls, without the check and its reader of files: they are another handler's. */
export { beginUpload } from './begin.ts';
export { completeUpload } from './complete.ts';
export { deleteUpload } from './delete.ts';
export { linkParts } from './links.ts';
export { getUpload, keptFile, listUploads } from './read.ts';
