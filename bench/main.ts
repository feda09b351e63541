// `npm run bench`, `npm run bench -- p2 p6 --rounds 5` or `npm run bench -- load --minutes 10`: measures, prints tables, and keeps results and plots,
// which it writes into bench/README.md and docs/performance.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { writePages } from './pages.ts';
import { installPeers } from './peers.ts';
import { plotSvg } from './plot.ts';
import { type BenchReport, machine, reportMarkdown } from './report.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = `${ROOT}bench/results`;
type Load = () => Promise<{ readonly bench: Bench }>;
const BENCHES: Readonly<Record<string, Load>> = {
  p1: () => import('./p1-verdict.ts'),
  p2: () => import('./p2-renderer.ts'),
  p3: () => import('./p3-revoke.ts'),
  p4: () => import('./p4-growth.ts'),
  p5: () => import('./p5-start.ts'),
  p6: () => import('./p6-render.ts'),
  p7: () => import('./p7-usage.ts'),
  p8: () => import('./p8-tail.ts'),
  paint: () => import('./paint.ts'),
  load: () => import('./load.ts'),
};
/** Only when it is asked for. */
const LONG = ['load'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '10' },
    /** Measures without writing a file. */
    dry: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((id) => !Object.hasOwn(BENCHES, id));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(' ')}`);
  process.exit(2);
}
await installPeers(progress);
const usual = Object.keys(BENCHES).filter((id) => !LONG.includes(id));
for (const id of positionals.length === 0 ? usual : positionals) await runBench(id);
if (!values.dry) await writePages(ROOT);

async function runBench(id: string): Promise<void> {
  const { bench } = await (BENCHES[id] as Load)();
  const result = await bench.run({
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    minutes: Number(values.minutes),
    progress: (text) => progress(`${id}: ${text}`),
  });
  progress('');
  const report: BenchReport = {
    id,
    title: bench.title,
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    command: `npm run bench -- ${id}`,
    ...result,
  };
  console.log(reportMarkdown(report));
  if (values.dry) return;
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${RESULTS}/${id}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${ROOT}docs/images/bench-${id}.svg`, await plotSvg(report, bench.plot));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
