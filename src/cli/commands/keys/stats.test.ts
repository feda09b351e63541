import { describe, expect, it } from 'vitest';
import type { KeyStats } from '../../../core/key-service.ts';
import { ESC, Machine, NOON } from '../../machine.fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

async function withStats(change: (stats: KeyStats) => Partial<KeyStats>): Promise<{ machine: Machine; id: string }> {
  const machine = await Machine.start();
  const { id } = await machine.newKey();
  const { stats } = machine.keys;
  machine.override({
    async stats(keyId, windowMs, step) {
      const found = await stats(keyId, windowMs, step);
      return { ...found, ...change(found) };
    },
  });
  return { machine, id };
}

const BUSY = (stats: KeyStats): Partial<KeyStats> => ({
  served: 990,
  clientErrors: 8,
  serverErrors: 2,
  errorRate: 0.01,
  refused: 3,
  refusals: { revoked: 2, superseded: 0, expired: 1, archived: 0 },
  latency: { p50Ms: 1.23, p95Ms: 45.6, p99Ms: 12_300 },
  rateLimited: 5,
  lastUsedAt: NOON - 3 * MINUTE_MS,
  series: stats.series.map((point, index) => ({ ...point, served: index })),
});

describe('stats', () => {
  it('shows counts, error rate, headroom, window and a line of bars on a terminal', async () => {
    const { machine, id } = await withStats(BUSY);
    const { stdout } = await machine.run(['keys', 'stats', id], PLAIN);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`dev key (${id}, development)  active`);
    expect(lines[1]).toMatch(/^Last 24h, since 2026-11-2/);
    expect(lines.slice(2, 10)).toEqual([
      '  Renders served  990',
      '  Error rate      1 % (8 of the caller, 2 of the server)',
      '  Latency         p50 1.2ms, p95 46ms, p99 12.3s',
      '  Refused         3 (2 revoked, 1 expired)',
      '  Rate limited    5',
      '  Last used       3m ago',
      '  Headroom        88 of 100 left, resets in 23 s',
      expect.stringMatching(/^ {2}Requests {8}▁▂[▂-▇]+█+$/),
    ]);
  });

  it('has points of hours or days as asked for, and says for how long there are hours', async () => {
    const { machine, id } = await withStats(() => ({}));
    const points = async (...flags: string[]) => {
      const { stdout } = await machine.run(['keys', 'stats', id, '--json', ...flags]);
      const { step, series } = JSON.parse(stdout) as { step: string; series: { at: string }[] };
      return [step, series.length, series.at(-1)?.at];
    };
    expect(await points()).toEqual(['hour', 25, '2026-11-23T12:00:00.000Z']);
    expect(await points('--since', '7d')).toEqual(['hour', 169, '2026-11-23T12:00:00.000Z']);
    expect(await points('--since', '8d')).toEqual(['day', 9, '2026-11-23T00:00:00.000Z']);
    expect(await points('--since', '30d', '--step', 'hour')).toEqual(['hour', 721, '2026-11-23T12:00:00.000Z']);
    expect(await points('--since', '365d')).toEqual(['day', 366, '2026-11-23T00:00:00.000Z']);
    expect(await machine.run(['keys', 'stats', id, '--since', '90d', '--step', 'hour'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^Error: Hours are kept for 30 days.*\n {2}Try: .*--since 30d --step hour\n$/),
    });
    expect((await machine.run(['keys', 'stats', id, '--step', 'week'])).exitCode).toBe(2);
  });

  it('shows – for the error rate of a key that was never used', async () => {
    const { machine, id } = await withStats(() => ({}));
    expect((await machine.run(['keys', 'stats', id], PLAIN)).stdout).toMatch(/Error rate {6}–\n/);
    expect((await machine.run(['keys', 'stats', id])).stdout).toContain('errorRate\t–\n');
  });

  it('is field, tab, value where stdout is no terminal, with ISO times and plain numbers', async () => {
    const { machine, id } = await withStats(BUSY);
    const { stdout } = await machine.run(['keys', 'stats', id]);
    expect(
      Object.fromEntries(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.split('\t')),
      ),
    ).toMatchObject({
      id,
      served: '990',
      errorRate: '0.01',
      refused: '3',
      revoked: '2',
      superseded: '0',
      p50Ms: '1.23',
      p99Ms: '12300',
      rateLimited: '5',
      lastUsedAt: '2026-11-23T11:57:00.000Z',
      rateLimit: '100',
      remaining: '88',
      rateLimitScope: 'shared',
      resetAt: '2026-11-23T12:00:22.400Z',
    });
  });

  it('is one document with --json', async () => {
    const { machine, id } = await withStats(BUSY);
    const { stdout, stderr } = await machine.run(['keys', 'stats', id, '--json', '--since', '7d']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      id,
      served: 990,
      errorRate: 0.01,
      windowMs: 7 * 24 * 60 * MINUTE_MS,
      rateLimit: { limit: 100, remaining: 88, resetAt: '2026-11-23T12:00:22.400Z' },
      series: expect.any(Array),
    });
  });

  it('labels the window of --since, and refuses one out of bounds', async () => {
    const { machine, id } = await withStats(() => ({}));
    for (const since of ['24h', '7d', '30d']) {
      expect((await machine.run(['keys', 'stats', id, '--since', since], PLAIN)).stdout).toContain(
        `Last ${since}, since`,
      );
    }
    for (const since of ['366d', '59m', '0', 'yesterday']) {
      expect((await machine.run(['keys', 'stats', id, '--since', since])).exitCode).toBe(2);
    }
  });

  it('shows in a grace window how much goes to the old secret and who used it last', async () => {
    const lastUse = { at: NOON - 5 * MINUTE_MS, ip: '10.0.0.1', agent: `curl${ESC}[2J` };
    const previousSecret = {
      start: 'okd_Abcd',
      supersededAt: NOON - HOUR_MS,
      acceptedUntil: NOON + MINUTE_MS,
      answered: 12,
      share: 0.123,
      lastUse,
      safeToEnd: false,
    };
    const { machine, id } = await withStats(() => ({ previousSecret }));
    const { stdout } = await machine.run(['keys', 'stats', id], PLAIN);
    expect(stdout).toContain('Old secret   okd_Abcd••••••••');
    expect(stdout).toContain('Share        12.3 % of the traffic (12)');
    expect(stdout).toContain('Last caller  5m ago from 10.0.0.1 (curl\\x1b[2J)');
    expect((await machine.run(['keys', 'stats', id])).stdout).toMatch(/\noldSecretLastUsedSinceRotation\t2026-\S+Z\n/);
    expect((await machine.run(['keys', 'stats', id])).stdout).toContain('oldSecretShare\t0.123\n');
  });
});
