export { checkGraph, graphProblems, plannedRequest, requestOfGraph, withProvider } from './check-graph.ts';
export {
  deleteUserProcess,
  getUserProcess,
  listUserProcesses,
  putUserProcess,
  type UserProcess,
} from './user-processes.ts';
