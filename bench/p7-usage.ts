import type { Bench, BenchResult } from './bench.ts';
import { requestsOf } from './p2-renderer.ts';
import { ratios } from './rounds.ts';

/** Durable counting and events: the same requests with recording on and off. */
export const bench: Bench = {
  title: 'Counting every answer',
  plot: { unit: 'requests/s', scale: 'linear' },
  async run(options): Promise<BenchResult> {
    const figures = await requestsOf(['judged', 'recorded'], options);
    const [off = [], on = []] = [...figures.values()];
    return {
      series: [...figures].map(([name, samples]) => ({ name, unit: 'requests/s', samples })),
      goals: [
        {
          what: 'of the requests without recording',
          samples: ratios(on, off),
          better: 'higher',
          reach: 0.9,
          moonshot: 0.95,
        },
      ],
      facts: {
        'lost at kill -9':
          'nothing, over 100 kills of each database: OUTKIT_USAGE_KILLS=100 npx vitest run test/acceptance/usage-kill.test.ts',
      },
    };
  },
};
