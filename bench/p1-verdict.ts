import type { Bench, BenchResult } from './bench.ts';
import { installPeers, versionOf } from './peers.ts';
import { postgresDatabase } from './postgres.ts';
import { type Contender, interleaved, processContender, ratios } from './rounds.ts';

const KEYS = 100_000;

const at = (name: string) => new URL(`p1-verdict/${name}.ts`, import.meta.url);

/** A verdict in process, against what others do for theirs. */
export const bench: Bench = {
  title: 'A verdict in process',
  plot: { unit: 'ns', scale: 'log' },
  async run(options): Promise<BenchResult> {
    await installPeers(options.progress);
    const database = await postgresDatabase();
    const contenders: Contender[] = [
      await processContender('outkit', at('outkit'), [String(KEYS)]),
      await processContender('SHA-256 alone', at('bare-hash'), [String(KEYS)]),
      await processContender('prefixed-api-key', at('prefixed-api-key')),
      await processContender('better-auth on SQLite', at('better-auth')),
    ];
    if (database !== null) {
      contenders.push(await processContender('better-auth on PostgreSQL', at('better-auth'), [database.url]));
    }
    const figures = await interleaved(contenders, options);
    await database?.drop();
    const of = (name: string) => figures.get(name) ?? [];
    return {
      series: [...figures].map(([name, samples]) => ({ name, unit: 'ns', samples })),
      goals: [
        {
          what: 'verdicts a second on one core',
          samples: of('outkit').map((ns) => 1e9 / ns),
          better: 'higher',
          reach: 500_000,
          moonshot: 1_000_000,
        },
        {
          what: 'times as fast as verifyApiKey on SQLite',
          samples: ratios(of('better-auth on SQLite'), of('outkit')),
          better: 'higher',
          reach: 500,
          moonshot: null,
        },
        {
          what: 'times a SHA-256 of the same bytes',
          samples: ratios(of('outkit'), of('SHA-256 alone')),
          better: 'lower',
          reach: null,
          moonshot: 4,
        },
      ],
      facts: {
        keys: `${KEYS} of Outkit in random order, 200 of better-auth, 2,000 of prefixed-api-key`,
        'better-auth': await versionOf('better-auth'),
        'prefixed-api-key': await versionOf('prefixed-api-key'),
      },
    };
  },
};
