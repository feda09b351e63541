import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintSecret } from '../../src/core/secret.ts';
import { AccountsServer } from '../accounts-server.ts';
import { seededRandom } from '../seeded-random.ts';

const TOKEN = 'Qm9XzT4vL7wKd2RfY8sHn3Pc6Bj1Ga5E';
const ELSEWHERE = { 'x-forwarded-for': '192.0.2.1' };

let server: AccountsServer;
let open: AccountsServer;
beforeAll(async () => {
  server = await AccountsServer.start({ trustedProxies: ['127.0.0.1'] });
  open = await AccountsServer.start({ trustedProxies: ['127.0.0.1'], metricsToken: TOKEN });
});
afterAll(async () => {
  await server.stop();
  await open.stop();
});

const read = ({ url }: AccountsServer, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/metrics`, { headers });

describe('metrics', () => {
  it('count what the renderer answers', async () => {
    expect((await fetch(`${server.url}/components`)).status).toBe(401);
    const answer = await read(server);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('outkit_renders_total{status="401",verdict="missing"} 1');
  });

  it('are for the machine of the server, and with a token for whoever has it', async () => {
    expect((await read(server, ELSEWHERE)).status).toBe(403);
    expect((await read(server, { ...ELSEWHERE, authorization: `Bearer ${TOKEN}` })).status).toBe(403);
    expect((await read(open)).status).toBe(200);
    expect((await read(open, { ...ELSEWHERE, authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN, '']) {
      expect((await read(open, { ...ELSEWHERE, authorization })).status).toBe(401);
    }
    expect(open.log.join('')).not.toContain(TOKEN);
  });
});

it('requests with unknown keys are told in the log with the addresses they came from, and without a key', async () => {
  const unknown = mintSecret('production', seededRandom(5));
  const send = (key: string, address: string) =>
    fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': key, 'x-forwarded-for': address } });
  for (const address of ['192.0.2.7', '192.0.2.7', '2001:db8::1', '2001:db8::2']) await send(unknown, address);
  await send('okp_nonsense', '192.0.2.7');
  expect(await (await read(server)).text()).toContain('outkit_unknown_key_networks 2');
  await server.restart();
  const [line = '{}'] = server.log.filter((text) => text.includes('unknown keys'));
  expect(JSON.parse(line)).toMatchObject({ requests: 5, networks: 2, most: '192.0.2.7 (3), 2001:db8:0:0::/64 (2)' });
  expect(server.log.join('')).not.toContain(unknown.slice(8));
});
