// `npm run soak -- --minutes 10 --seed N`: gateways under load while everything around them breaks. Exits 0 only when no answer contradicts
// what revoke and the other changes promise, and enough was met to say so.
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RedisProcess } from './redis-process.ts';
import { reportTable } from './report-table.ts';
import { soak } from './soak.ts';

const OUTKIT = fileURLToPath(new URL('../../bin/outkit.js', import.meta.url));
/** All of a contradiction that fits on a screen; the file has the rest. */
const SHOWN_VIOLATIONS = 5;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
    gateways: { type: 'string', default: '3' },
    keys: { type: 'string', default: '96' },
    rate: { type: 'string', default: '2500' },
    faults: { type: 'string' },
    report: { type: 'string', default: 'soak-report.json' },
    'no-redis': { type: 'boolean', default: false },
  },
});

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Who asks twice does not wait for gateways to stop by themselves.
    if (abort.signal.aborted) process.exit(1);
    abort.abort(new Error(`ended by ${signal}`));
  });
}

const startedMs = performance.now();
console.log(`seed ${values.seed}`);
const report = await soak({
  serverUrl: process.env['OUTKIT_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres',
  program: [process.execPath, OUTKIT, 'serve'],
  gateways: Number(values.gateways),
  withRedis: !values['no-redis'] && RedisProcess.isInstalled(),
  seed: Number(values.seed),
  seconds: 60 * Number(values.minutes),
  keysAtOnce: Number(values.keys),
  requestsPerSecond: Number(values.rate),
  ...(values.faults === undefined ? {} : { faults: values.faults.split(',').map((kind) => kind.trim()) }),
  signal: abort.signal,
  onStruck: (what) => console.log(`${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(7)} s  ${what}`),
});
writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\n${reportTable(report)}\n`);
const { verifications, revokes, heldUp, uncertain, strikes, verdicts, tally, violations, failures } = report;
console.log({ verifications, revokes, heldUp, uncertain, strikes, verdicts, ...tally, violations: violations.length });
for (const violation of violations.slice(0, SHOWN_VIOLATIONS)) console.log(violation);
for (const failure of failures) console.log(`failed: ${failure}`);
// Node 24 can spin for ever where it closes what is left by itself: sockets that were reset are among it.
process.exit(failures.length === 0 ? 0 : 1);
