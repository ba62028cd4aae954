export { type LocalJobs, type LocalJobsOptions, localJobs } from './local-jobs.ts';
export { type RetryRule, retryAction, retryRules } from './retry-rules.ts';
