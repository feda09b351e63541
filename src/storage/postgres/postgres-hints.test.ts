import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { AUTHOR, sampleKey } from '../../../test/contract/key-store/samples.ts';
import { PostgresDatabase } from '../../../test/postgres-database.ts';
import { relayToDatabase } from '../../../test/postgres-relay.ts';
import { PostgresGatewayStore } from './postgres-gateway-store.ts';
import { PostgresHints } from './postgres-hints.ts';

const QUERY_MS = 5_000;

const database = new PostgresDatabase();

/** Connected. `heard` has the kinds in the order in which they came, since it was emptied last. */
async function open(url = database.url) {
  const hints = new PostgresHints(url);
  onTestFinished(() => hints.close());
  const heard: string[] = [];
  hints.on('events', () => heard.push('events'));
  hints.on('changes', () => heard.push('changes'));
  hints.on('applied', () => heard.push('applied'));
  await vi.waitFor(() => expect(heard).toEqual(['events', 'changes', 'applied']), 5_000);
  heard.length = 0;
  return { hints, heard };
}

test('hints that are sent at once go one after the other, and all but the sender hear of it', async () => {
  const [sender, receiver] = [await open(), await open()];
  let running = 0;
  let most = 0;
  const query = pg.Client.prototype.query as (...args: unknown[]) => Promise<unknown>;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (this: pg.Client, ...args) {
    running += 1;
    most = Math.max(most, running);
    try {
      return await query.apply(this, args);
    } finally {
      running -= 1;
    }
  });
  onTestFinished(() => spy.mockRestore());
  for (let round = 0; round < 50; round++) sender.hints.sendEvents();
  await vi.waitFor(() => expect(new Set(receiver.heard)).toEqual(new Set(['events'])), 5_000);
  expect(most).toBe(1);
  expect(spy.mock.calls.length).toBeLessThan(10);
  expect(sender.heard).toEqual([]);
});

test('the commit of a change tells all servers, and so does a gateway that has recorded another position', async () => {
  const { store } = await database.open();
  onTestFinished(() => store.close());
  const gateways = new PostgresGatewayStore(database.url);
  onTestFinished(() => gateways.close());
  const { heard } = await open();
  await withProfiles({ store });
  await vi.waitFor(() => expect(new Set(heard)).toEqual(new Set(['changes'])), 5_000);
  const { seq } = await gateways.register({ epoch: 'one', label: 'gateway-1', version: '1.2.3' });
  await gateways.sync('one', seq, 10);
  await store.insertKey(sampleKey(1), AUTHOR);
  await gateways.sync('one', seq + 1, 10);
  await vi.waitFor(() => expect(heard.slice(-2)).toEqual(['changes', 'applied']), 5_000);
  expect(heard.filter((kind) => kind === 'applied')).toHaveLength(1);
});

test('a connection that does not answer is given up, and hints go on another one', async () => {
  let isSilent = false;
  const sender = await open(await relayToDatabase(database.url, { silence: () => isSilent }));
  const receiver = await open();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  isSilent = true;
  sender.hints.sendEvents();
  await vi.advanceTimersByTimeAsync(QUERY_MS);
  isSilent = false;
  await vi.advanceTimersByTimeAsync(QUERY_MS);
  vi.useRealTimers();
  await vi.waitFor(() => expect(sender.heard).toEqual(['events', 'changes', 'applied']), 5_000);
  sender.hints.sendEvents();
  await vi.waitFor(() => expect(receiver.heard).toContain('events'), 5_000);
});
