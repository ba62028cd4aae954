export { checkGraph, graphProblems, requestOfGraph, withProvider } from './check-graph.ts';
export {
  deleteUserProcess,
  getUserProcess,
  listUserProcesses,
  putUserProcess,
  type UserProcess,
} from './user-processes.ts';
