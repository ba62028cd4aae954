export {
  createJob,
  deleteJob,
  getJob,
  type JobView,
  listJobs,
  requestOfJob,
  startJob,
  stopJob,
  updateJob,
} from './jobs.ts';
