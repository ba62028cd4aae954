export { type Gate, LOCAL_PROJECT, type LocalAuth, openeoSignIn, openGate } from './gate.ts';
export { type DevIssuer, type DevToken, devIssuer } from './issuer.ts';
export { TOKEN_LIFE_H } from './limits.ts';
export { SIGN_IN_PATH } from './sign-in.ts';
