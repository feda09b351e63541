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
])('a soak finds out that %s', { timeout: 900_000 }, async (sabotage, faults) => {
  const options = {
    serverUrl: POSTGRES,
    program: [process.execPath, SABOTAGED_SERVER, sabotage, 'serve'] as const,
    gateways: 3,
    withRedis: false,
    seconds: 15,
    keysAtOnce: 16,
    requestsPerSecond: 600,
    faults,
    onStruck: () => {},
  };
  // On busy cores little happens in that time: a soak that found nothing goes on with other faults.
  const rules: string[] = [];
  for (let seed = 5; seed < 20; seed++) {
    const { violations } = await soak({ ...options, seed });
    rules.push(...violations.filter(({ against }) => against?.op === 'revoke').map(({ rule }) => rule));
    if (rules.length > 0) break;
  }
  expect(rules).toContain('accepted after its end');
});
