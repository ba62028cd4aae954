export type { Check } from './check.ts';
export { type AccountClients, type AccountOptions, accountClients } from './clients.ts';
export { type DestroyOptions, destroyStage, type Kept } from './destroy.ts';
export { checkAccount } from './doctor.ts';
export type { Wanted } from './quotas.ts';
export { type DeployedStack, type Deployment, stacksOf, stackTags } from './stacks.ts';
