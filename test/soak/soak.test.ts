import { beforeEach, expect, inject, it } from 'vitest';
import { needPostgres, POSTGRES } from './need-postgres.ts';
import { RedisProcess } from './redis-process.ts';
import { soak } from './soak.ts';

/** The short form shows that the soak works; it is long where that is asked for. */
const SECONDS = Number(process.env['OUTKIT_SOAK_SECONDS'] ?? 10);
const SEED = Number(process.env['OUTKIT_SOAK_SEED'] ?? 20261125);

beforeEach(needPostgres);

it('gateways under load admit nothing that was revoked, whatever breaks around them', {
  timeout: (SECONDS + 120) * 1_000,
}, async () => {
  const report = await soak({
    serverUrl: POSTGRES,
    program: [process.execPath, inject('outkit'), 'serve'],
    gateways: 3,
    withRedis: RedisProcess.isInstalled(),
    seed: SEED,
    seconds: SECONDS,
    keysAtOnce: 32,
    requestsPerSecond: 1_000,
    onStruck: () => {},
  });
  expect(report.violations.slice(0, 3), `seed ${SEED}`).toEqual([]);
  expect(report.failures, `seed ${SEED}`).toEqual([]);
});
