import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccountsServer } from '../accounts-server.ts';

let server: AccountsServer;
beforeAll(async () => {
  server = await AccountsServer.start({ trustedProxies: ['127.0.0.1'] });
});
afterAll(async () => {
  await server.stop();
});

it('metrics count what the renderer answers, for this machine alone', async () => {
  expect((await fetch(`${server.url}/components`)).status).toBe(401);
  const answer = await fetch(`${server.url}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toContain('outkit_renders_total{status="401",verdict="missing"} 1');
  const elsewhere = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  expect(elsewhere.status).toBe(403);
});
