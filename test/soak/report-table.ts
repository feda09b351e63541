import type { Distribution, Report } from './report.ts';

/** The figures of a run by the kinds of faults, as a table of Markdown. */
export function reportTable({ byFault }: Pick<Report, 'byFault'>): string {
  const head = [
    '| during | faults | revokes | revoke returned after, ms (p50 / p99 / max) | last accepted request sent after, ms (p50 / p99 / max) |',
    '|---|--:|--:|--:|--:|',
  ];
  const rows = byFault.map(({ fault, strikes, revokes, returnMs, lastAcceptMs }) => {
    return `| ${fault} | ${strikes} | ${revokes} | ${written(returnMs)} | ${written(lastAcceptMs)} |`;
  });
  return [...head, ...rows].join('\n');
}

function written({ p50, p99, max }: Distribution): string {
  return [p50, p99, max].map((ms) => ms.toFixed(ms < 100 ? 1 : 0)).join(' / ');
}
