import { expect } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import type { ServerForTests, TestKey } from './server-for-tests.ts';
import { type OracleSecret, UsageOracle } from './usage-oracle.ts';

/** Keys of every kind, and what happens to them on the way, as parts of the whole. */
export async function makeKeys(http: ServerForTests, spanMs: number) {
  const expiresAt = http.server.now() + spanMs / 2;
  const archive = await http.server.profiles.create({ name: 'To archive', plan: 'pro', design: {} });
  const keys = [
    await http.createKey(),
    await http.createKey({ rateLimitPerMinute: 20 }),
    await http.createKey({ rateLimitPerMinute: 1 }),
    await http.createKey(),
    await http.createKey({ expiresAt }),
    await http.createKey({ profileId: archive.id }),
    await http.createKey(),
    await http.createKey(),
  ];
  const fresh = (plaintext: string, key: number | null, verdict: Verdict['kind'] = 'accepted'): OracleSecret => ({
    plaintext,
    key,
    verdict,
    isOld: false,
    end: null,
  });
  const secrets = keys.map(({ plaintext }, key) => fresh(plaintext, key));
  secrets.push(fresh(http.mint(), null, 'unknown'), fresh('okd_nonsense', null, 'malformed'));
  const of = (key: number) => secrets[key] as OracleSecret;
  of(4).end = { at: expiresAt, verdict: 'expired' };
  const id = (key: number) => (keys[key] as TestKey).id;
  const oracle = new UsageOracle(keys.length);
  const rotate = async (key: number, graceMs: number) => {
    const plaintext = await http.rotate(keys[key] as TestKey, graceMs);
    Object.assign(of(key), { isOld: true, end: { at: http.server.now() + graceMs, verdict: 'superseded' } });
    secrets.push(fresh(plaintext, key));
    oracle.rotated(key);
  };
  const steps: [at: number, step: () => Promise<unknown>][] = [
    [0.1, () => rotate(6, HOUR_MS)],
    [0.15, () => rotate(7, 2 * HOUR_MS)],
    [0.27, () => expectShare(6)],
    [
      0.4,
      async () => {
        await http.server.keys.cancelRotation(id(7));
        Object.assign(secrets.at(-1) as OracleSecret, { verdict: 'revoked' });
        Object.assign(of(7), { isOld: false, end: null });
      },
    ],
    [
      0.6,
      async () => {
        await http.server.keys.revoke(id(3), 'leaked');
        of(3).verdict = 'revoked';
      },
    ],
    [
      0.7,
      async () => {
        await http.server.profiles.archive(archive.id);
        of(5).verdict = 'archived';
      },
    ],
  ];
  async function expectShare(key: number): Promise<void> {
    const { old = 0, current = 0 } = oracle.answered[key] ?? {};
    expect(old * current).toBeGreaterThan(0);
    expect((await http.server.keys.stats(id(key), DAY_MS)).previousSecret).toMatchObject({
      answered: old,
      share: old / (old + current),
    });
  }
  return { keys, secrets, oracle, steps };
}
