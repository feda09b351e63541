import type { Bench, BenchResult } from './bench.ts';
import { requestsOf } from './p2-renderer.ts';
import { text } from './p6-render/texts.ts';
import { ratios } from './rounds.ts';

const BYTES = 4_096;
const RENDER = { path: '/render/enhance', body: JSON.stringify({ content: text(BYTES) }) };

/** Durable counting and events: the same renders with recording on and off. */
export const bench: Bench = {
  title: 'Counting every answer',
  plot: { unit: 'renders/s', scale: 'linear' },
  async run(options): Promise<BenchResult> {
    const figures = await requestsOf(['judged, served', 'recorded, served'], options, RENDER);
    const [off = [], on = []] = [...figures.values()];
    return {
      series: [...figures].map(([name, samples]) => ({ name, unit: 'renders/s', samples })),
      goals: [
        {
          what: 'of the renders without recording',
          samples: ratios(on, off),
          better: 'higher',
          reach: 0.9,
          moonshot: 0.95,
        },
      ],
      facts: {
        render: `${BYTES} bytes of bench/p6-render/answer.md, streamed`,
        'lost at kill -9':
          'nothing, over 100 kills of each database: OUTKIT_USAGE_KILLS=100 npx vitest run test/acceptance/usage-kill.test.ts',
      },
    };
  },
};
