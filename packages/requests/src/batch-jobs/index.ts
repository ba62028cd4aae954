export {
  createJob,
  deleteJob,
  getJob,
  type JobSummary,
  type JobView,
  listJobs,
  requestOfJob,
  startJob,
  stopJob,
  updateJob,
} from './jobs.ts';
