import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayServers, say } from '../gateway-servers.ts';

const REQUESTS = 100;
/** What a gateway does in its own time, whether somebody asks it or not: its place in the log, and the batch that counts, with its hint. */
const IN_ITS_OWN_TIME =
  /\b(gateways|usage|key_last_used|event_segments|segment_keys|segment_profiles|event_log|usage_journals|change_clock|pg_notify)\b/;
const TRANSACTION = /^(begin|start|commit|rollback|set)\b/i;

const servers = new GatewayServers();
let statements: string[];
beforeEach(() => {
  statements = [];
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...values: unknown[]) {
    const [first] = values as [string | { readonly text: string }];
    statements.push(typeof first === 'string' ? first : first.text);
    return query.apply(this, values) as never;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const ofRequests = () => statements.filter((sql) => !IN_ITS_OWN_TIME.test(sql) && !TRANSACTION.test(sql));
const lookUps = () => statements.filter((sql) => /from "key_secrets"/.test(sql)).length;

async function saidOf(keys: readonly string[]): Promise<readonly string[]> {
  return [...new Set(await Promise.all(keys.map((key) => say(servers.at(0), key))))];
}

const times = <Value>(make: () => Value) => Array.from({ length: REQUESTS }, make);

it('under a lease an accepted request asks the database nothing: its key was looked up once', async () => {
  const { plaintext } = await servers.createKey();
  statements = [];
  expect(await say(servers.at(0), plaintext)).toBe('200');
  expect(lookUps()).toBeGreaterThan(0);
  statements = [];
  expect(await saidOf(times(() => plaintext))).toEqual(['200']);
  expect(ofRequests()).toEqual([]);
});

it('a malformed key asks nothing, and an unknown one once', async () => {
  const { plaintext: unknown } = servers.mint();
  expect(await say(servers.at(0), unknown)).toBe('key_unknown');
  statements = [];
  expect(await saidOf(times(() => 'okd_malformed'))).toEqual(['key_malformed']);
  expect(await saidOf(times(() => unknown))).toEqual(['key_unknown']);
  expect(ofRequests()).toEqual([]);
});
