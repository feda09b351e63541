import { cpSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { HOUR_MS } from '../../src/core/clock.ts';
import { TestServer } from '../local-server.ts';
import { createRequest } from './durability-client.ts';
import { mintedOf, newPlaintext } from './durability-model.ts';

async function started(dataOf?: TestServer): Promise<TestServer> {
  const server = await TestServer.start(async (directory) => {
    if (dataOf !== undefined) cpSync(dataOf.dataDirectory, directory, { recursive: true });
  });
  onTestFinished(() => server.stop());
  return server;
}

async function verdictOn(server: TestServer, secret: string): Promise<unknown> {
  const response = await fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': secret } });
  return ((await response.json()) as { code?: string }).code ?? response.status;
}

it('an end that was answered stays after a crash with the clock set back, for superseded and expired keys', async () => {
  const server = await started();
  const [superseded, current, expired] = [newPlaintext(), newPlaintext(), newPlaintext()];
  const { id } = await server.keys.create(createRequest(server.profileId, superseded));
  await server.keys.rotate(id, { graceMs: HOUR_MS, replaceNew: false, secret: mintedOf(current) });
  await server.keys.create({ ...createRequest(server.profileId, expired), expiresAt: server.now() + HOUR_MS });
  server.advance(HOUR_MS);
  expect(await verdictOn(server, superseded)).toBe('key_superseded');
  expect(await verdictOn(server, expired)).toBe('key_expired');
  // Writes what was counted, as a quarter of a second would.
  await server.keys.find(id);

  // The files as a crash leaves them, and a clock that shows an hour less.
  const crashed = await started(server);
  expect(crashed.now()).toBe(server.now() - HOUR_MS);
  expect(await verdictOn(crashed, superseded)).toBe('key_superseded');
  expect(await verdictOn(crashed, expired)).toBe('key_expired');
  expect(await verdictOn(crashed, current)).toBe(200);
});
