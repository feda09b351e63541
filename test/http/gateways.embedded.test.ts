import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccountsServer } from '../accounts-server.ts';
import { TestServer } from '../local-server.ts';

let local: TestServer;
let accounts: AccountsServer;
beforeAll(async () => {
  local = await TestServer.start();
  accounts = await AccountsServer.start({ gatewayName: 'rack-7' });
});
afterAll(async () => {
  await local.stop();
  await accounts.stop();
});

it('the credential of outkit dev may evict, and there is nothing but the one gateway', async () => {
  const [only, ...others] = await local.gateways.list();
  const seen = { startedAt: local.now(), seenAt: local.now(), retiredAt: null, appliedSeq: null, behind: 0 };
  expect(only).toEqual({ ...seen, id: expect.any(String), name: 'local', version: '1.2.3', state: 'serving' });
  expect(others).toEqual([]);
  await expect(local.gateways.evict(only?.id ?? '')).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('the one gateway that there is'),
  });
  expect(await local.gateways.barriers()).toEqual([]);
  await expect(local.gateways.evict('f'.repeat(32))).rejects.toMatchObject({ code: 'not_found' });
});

it('outkit serve without a database server lists itself under its configured name, anew at each start', async () => {
  const olga = await accounts.owner();
  const [before] = await accounts.as(olga).gateways.list();
  expect(before).toMatchObject({ name: 'rack-7', state: 'serving' });
  await accounts.restart();
  const [after] = await accounts.as(olga).gateways.list();
  expect(after?.name).toBe('rack-7');
  expect(after?.id).not.toBe(before?.id);
});
