import type { Bench, BenchResult } from './bench.ts';
import { interleaved, processContender, ratios } from './rounds.ts';

const SHORT = 4_096;
const LONG = 500_000;

const at = (name: string) => new URL(`p6-render/${name}.ts`, import.meta.url);

/** Markdown to blocks, against the bare parser on the same text. */
export const bench: Bench = {
  title: 'Markdown to blocks',
  plot: { unit: 'µs', scale: 'log' },
  async run(options): Promise<BenchResult> {
    const contenders = await Promise.all(
      [SHORT, LONG].flatMap((bytes) => [
        processContender(`outkit, ${sizeOf(bytes)}`, at('outkit'), [String(bytes)]),
        processContender(`markdown-it, ${sizeOf(bytes)}`, at('markdown-it'), [String(bytes)]),
        processContender(`markdown-it, blocks alone, ${sizeOf(bytes)}`, at('markdown-it'), [String(bytes), 'blocks']),
      ]),
    );
    const figures = await interleaved(contenders, options);
    const of = (name: string) => figures.get(name) ?? [];
    const speed = (bytes: number) =>
      ratios(of(`markdown-it, blocks alone, ${sizeOf(bytes)}`), of(`outkit, ${sizeOf(bytes)}`));
    const growth = ratios(of(`outkit, ${sizeOf(LONG)}`), of(`outkit, ${sizeOf(SHORT)}`)).map(
      (ratio) => ratio / (LONG / SHORT),
    );
    return {
      series: [...figures].map(([name, samples]) => ({ name, unit: 'µs', samples })),
      goals: [
        {
          what: 'the speed of the parser for the same blocks, 4 KB',
          samples: speed(SHORT),
          better: 'higher',
          reach: 0.6,
          moonshot: 0.8,
        },
        {
          what: 'the speed of the parser for the same blocks, 500 KB',
          samples: speed(LONG),
          better: 'higher',
          reach: 0.6,
          moonshot: 0.8,
        },
        {
          what: 'time for a byte of 500 KB, times that of 4 KB',
          samples: growth,
          better: 'lower',
          reach: 1.3,
          moonshot: 1,
        },
      ],
      facts: { text: process.env['OUTKIT_BENCH_TEXTS'] === undefined ? 'bench/p6-render/answer.md' : 'real answers' },
    };
  },
};

function sizeOf(bytes: number): string {
  return `${Math.round(bytes / 1000)} KB`;
}
