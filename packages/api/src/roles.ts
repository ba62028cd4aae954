/** From least to most; each may do what those before it may. */
export const roles = ['viewer', 'requester', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];
