import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { needPostgres, POSTGRES } from './need-postgres.ts';
import { soak } from './soak.ts';

const SABOTAGED_SERVER = fileURLToPath(new URL('sabotaged-server.ts', import.meta.url));

beforeEach(needPostgres);
beforeEach(({ skip }) => {
  if (process.env['OUTKIT_SOAK_SECONDS'] === undefined)
    skip('takes a minute: CI does it, and whoever sets OUTKIT_SOAK_SECONDS');
});

it.each([
  ['a change waits for nobody', ['database slow to answer']],
  ['memory is believed without a lease', ['database silent']],
])('a soak finds out that %s', { timeout: 120_000 }, async (sabotage, faults) => {
  const { violations } = await soak({
    serverUrl: POSTGRES,
    program: [process.execPath, SABOTAGED_SERVER, sabotage, 'serve'],
    gateways: 3,
    withRedis: false,
    seed: 5,
    seconds: 15,
    keysAtOnce: 16,
    requestsPerSecond: 500,
    faults,
    onStruck: () => {},
  });
  const ofRevokes = violations.filter(({ against }) => against?.op === 'revoke').map(({ rule }) => rule);
  expect(ofRevokes).toContain('accepted after its end');
});
