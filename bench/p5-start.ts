import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { debianProgram, installPeers, peerProgram, versionOf } from './peers.ts';
import { type Contender, interleaved, ratios } from './rounds.ts';
import { OUTKIT, Served } from './served.ts';

const RUNS_A_ROUND = 5;
const run = promisify(execFile);

/** How long a command takes that has nothing to do. */
export const bench: Bench = {
  title: 'Start of the command line',
  plot: { unit: 'ms', scale: 'log' },
  async run(options): Promise<BenchResult> {
    await installPeers(options.progress);
    const server = await Served.prepare({ people: 1, keys: 5 });
    try {
      await server.process.start();
      const figures = await interleaved(await contenders(server, options), options);
      const of = (name: string) => figures.get(name) ?? [];
      return {
        series: [...figures].map(([name, samples]) => ({ name, unit: 'ms', samples })),
        goals: [
          {
            what: 'outkit --version, times node alone',
            samples: ratios(of('outkit --version'), of('node')),
            better: 'lower',
            reach: 1.5,
            moonshot: 1.3,
          },
        ],
        facts: {
          node: process.version,
          neonctl: await versionOf('neonctl'),
          vercel: await versionOf('vercel'),
          wrangler: await versionOf('wrangler'),
          'outkit keys list': 'asks an outkit serve on loopback',
        },
      };
    } finally {
      await server.close();
    }
  },
};

async function contenders(server: Served, { progress }: BenchOptions): Promise<Contender[]> {
  const [token = ''] = server.credentials;
  const ours = { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: token };
  const env = { ...server.environment, ...ours, WRANGLER_SEND_METRICS: 'false', VERCEL_TELEMETRY_DISABLED: '1' };
  const command = (name: string, program: string, ...args: string[]): Contender => ({
    name,
    async round() {
      const startedAt = performance.now();
      for (let number = 0; number < RUNS_A_ROUND; number++) await run(program, args, { env, cwd: server.project });
      return (performance.now() - startedAt) / RUNS_A_ROUND;
    },
  });
  const node = process.execPath;
  const all = [
    command('node', node, '-e', ''),
    command('outkit --version', node, OUTKIT, '--version'),
    command('outkit keys list', node, OUTKIT, 'keys', 'list'),
  ];
  for (const name of ['neonctl', 'vercel', 'wrangler']) {
    const program = peerProgram(name);
    if (program !== null) all.push(command(`${name} --version`, node, program, '--version'));
  }
  const gh = await debianProgram('gh', progress);
  if (gh !== null) all.push(command('gh --version (Go)', gh, '--version'));
  return all;
}
