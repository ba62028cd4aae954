export { type LocalJobs, type LocalJobsOptions, localJobs } from './local-jobs.ts';
