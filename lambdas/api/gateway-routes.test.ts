import { routes } from '@swath/api';
import { describe, expect, it } from 'vitest';
import { gatewayRoutes } from './gateway-routes.ts';

describe('the routes API Gateway knows', () => {
  it('are the public ones of the table, for GET and HEAD', () => {
    const { open } = gatewayRoutes(routes);
    expect(open).toContain('GET /');
    expect(open).toContain('HEAD /health');
    for (const { method, path, auth } of routes) {
      expect(open.includes(`${method} /${path.slice(1)}`), `${method} ${path}`).toBe(auth === 'public');
    }
  });

  it('guard what a public pattern would let through', () => {
    const { open, guarded } = gatewayRoutes([
      { method: 'GET', path: '/things/{id}', auth: 'public' },
      { method: 'GET', path: '/things/mine', auth: 'viewer' },
      { method: 'POST', path: '/things/mine', auth: 'viewer' },
      { method: 'GET', path: '/things/mine/more', auth: 'viewer' },
    ]);
    expect(open).toEqual(['GET /things/{id}', 'HEAD /things/{id}']);
    expect(guarded).toEqual(['GET /things/mine', 'HEAD /things/mine']);
  });
});
