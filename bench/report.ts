import { cpus } from 'node:os';
import type { BenchResult, Goal, Series } from './bench.ts';
import { median, quantile } from './rounds.ts';

/** A bench that was run: what is kept of it, and shown. */
export interface BenchReport extends BenchResult {
  readonly id: string;
  readonly title: string;
  readonly date: string;
  readonly machine: string;
  readonly command: string;
}

export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} cores of ${first?.model.trim() ?? 'an unknown kind'}, Node ${process.versions.node}`;
}

/** A report as Markdown: figures with their middle and spread, then goals and whether they are reached. */
export function reportMarkdown({ id, title, date, command, series, goals, quoted = [], facts }: BenchReport): string {
  return [
    `### ${id.toUpperCase()} · ${title}`,
    `\`${command}\`, ${date}.`,
    '',
    `| | median | least – most |`,
    '|---|--:|--:|',
    ...series.map((one) => `| ${one.name} | ${shown(median(one.samples))} ${one.unit} | ${spread(one)} |`),
    '',
    ...(goals.length === 0
      ? []
      : ['| goal | measured | spread | reach | moonshot |', '|---|--:|--:|--:|--:|', ...goals.map(goalRow), '']),
    ...quoted.map(({ who, figure, conditions }) => `Quoted, not measured: ${who}: ${figure} (${conditions}).\n`),
    Object.entries(facts)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · '),
    '',
  ].join('\n');
}

/** The goals of all reports in one table, with the day on which each was measured. */
export function goalsMarkdown(reports: readonly BenchReport[]): string {
  const rows = reports.flatMap(({ id, date, goals }) =>
    goals.map((goal) => `| ${id.toUpperCase()}, ${date} ${goalRow(goal)}`),
  );
  return ['| | goal | measured | spread | reach | moonshot |', '|---|---|--:|--:|--:|--:|', ...rows, ''].join('\n');
}

function goalRow(goal: Goal): string {
  const { what, samples, reach, moonshot } = goal;
  const measured = median(samples);
  return `| ${what} | **${shown(measured)}** | ${spread(goal)} | ${bound(goal, reach, measured)} | ${bound(goal, moonshot, measured)} |`;
}

function bound({ better }: Goal, limit: number | null, measured: number): string {
  if (limit === null) return '';
  const isMet = better === 'higher' ? measured >= limit : measured <= limit;
  return `${better === 'higher' ? '≥' : '≤'} ${shown(limit)} ${isMet ? '✓' : '✗'}`;
}

function spread({ samples }: Pick<Series, 'samples'>): string {
  return samples.length < 2 ? '' : `${shown(quantile(samples, 0))} – ${shown(quantile(samples, 1))}`;
}

/** Three digits that mean something. */
export function shown(figure: number): string {
  if (!Number.isFinite(figure)) return '–';
  const digits = Math.abs(figure) >= 100 ? 0 : Math.abs(figure) >= 10 ? 1 : 2;
  return figure.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}
