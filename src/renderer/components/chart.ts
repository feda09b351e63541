import * as v from 'valibot';
import { type Built, countOf } from '../built.ts';
import { columnNames, type Grid } from './table.ts';

const CHART_TYPES = ['bar', 'line', 'pie'] as const;
const MAX_LABELS = 1000;
const MAX_SERIES = 20;
const MAX_NAME_LENGTH = 200;
/** A longer fence is refused before it is parsed. */
const MAX_FENCE_LENGTH = 64 * 1024;
const MAX_NUMBER_LENGTH = 32;

const chartEntries = {
  type: v.picklist(CHART_TYPES),
  /** One label for each value, in document order. */
  labels: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH))), v.minLength(1), v.maxLength(MAX_LABELS)),
  /** What the labels are: the name of a table's first column. */
  labelTitle: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH))),
  series: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH)),
        /** As many as there are labels; null where the document has no number. */
        values: v.pipe(v.array(v.nullable(v.pipe(v.number(), v.finite()))), v.maxLength(MAX_LABELS)),
        /** What stood at each number, such as `%`, `$` or `ms`. */
        unit: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_NUMBER_LENGTH))),
      }),
    ),
    v.minLength(1),
    v.maxLength(MAX_SERIES),
  ),
};

/** Numbers to be drawn: one or more series over the same labels. */
export const chartProps = v.strictObject(chartEntries);

export type ChartProps = v.InferOutput<typeof chartProps>;
export type ChartType = ChartProps['type'];

const chartFence = v.strictObject({
  ...chartEntries,
  type: v.exactOptional(chartEntries.type, 'bar'),
  title: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH))),
});

const NUMBER =
  /^(?<before>[$€£¥₹₩]?)(?<sign>[-+−]?)(?<digits>\d+|\d{1,3}(?:,\d{3})+)(?<fraction>\.\d+)? ?(?<after>%|‰|[$€£¥₹₩]|°?\p{L}{0,8}(?:\/\p{L}{1,4})?)$/u;
const NO_NUMBER = /^(?:|[-–—]|n\/?a)$/i;
const ASKS_FOR_CHART = /\b(?:charts?|graphs?|plots?|plotted)\b|图表|圖表|グラフ|차트|그래프/i;
const ASKS_FOR_TYPE: readonly [ChartType, RegExp][] = [
  ['line', /\blines?\b|折线|折線|선 그래프/i],
  ['pie', /\bpie\b|饼图|圓餅|円グラフ|원형/i],
];

/** The type of chart that a text asks for; undefined when it speaks of none. */
export function requestedChartType(text: string): ChartType | undefined {
  if (!ASKS_FOR_CHART.test(text)) return undefined;
  return ASKS_FOR_TYPE.find(([, pattern]) => pattern.test(text))?.[0] ?? 'bar';
}

/**
 * Builds a chart of a table: the first column gives the labels, every other one a series. Undefined when it is not one: fewer
 * than two rows, ragged, a column that is not all numbers of one unit, or too large.
 */
export function buildChart(grid: Grid, type: ChartType, confidence: number): Built<'chart', ChartProps> | undefined {
  const [labelTitle = '', ...names] = columnNames(grid.header, grid.header.length);
  if (grid.rows.length < 2 || grid.rows.length > MAX_LABELS || names.length === 0 || names.length > MAX_SERIES)
    return undefined;
  if (grid.rows.some((row) => row.length > grid.header.length)) return undefined;
  const labels = grid.rows.map((row) => row[0] ?? '');
  if ([labelTitle, ...names, ...labels].some((name) => name.length > MAX_NAME_LENGTH)) return undefined;
  const series: ChartProps['series'] = [];
  for (const [index, name] of names.entries()) {
    const column = readNumbers(grid.rows.map((row) => row[index + 1] ?? ''));
    if (!column) return undefined;
    series.push({ name, values: column.values, ...(column.unit && { unit: column.unit }) });
  }
  const drawable = type === 'pie' && series.length > 1 ? 'bar' : type;
  return built({ type: drawable, labels, labelTitle, series }, confidence);
}

/** Builds a chart of a fence's content, JSON (closed schema) or CSV with a header line; undefined when it is neither. */
export function buildChartFence(content: string): Built<'chart', ChartProps> | undefined {
  if (content.length > MAX_FENCE_LENGTH) return undefined;
  if (!content.trimStart().startsWith('{')) return buildChart(readCsv(content), 'bar', 1);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), chartFence), content);
  if (!parsed.success) return undefined;
  const { title, ...props } = parsed.output;
  if (props.series.some((series) => series.values.length !== props.labels.length)) return undefined;
  return { ...built(props, 1), ...(title && { title }) };
}

function built(props: ChartProps, confidence: number): Built<'chart', ChartProps> {
  const description = `${props.type} chart, ${props.series.length} series, ${countOf(props.labels.length, 'label')}`;
  return { component: 'chart', props, confidence, description };
}

/** The numbers of a column and their common unit; undefined when a cell is no number, or none is, or units differ. */
function readNumbers(cells: readonly string[]): { values: (number | null)[]; unit: string } | undefined {
  const units = new Set<string>();
  const values: (number | null)[] = [];
  for (const cell of cells) {
    const text = cell.replace(/^\*\*(.*)\*\*$/s, '$1').trim();
    if (NO_NUMBER.test(text)) {
      values.push(null);
      continue;
    }
    const groups = text.length > MAX_NUMBER_LENGTH ? undefined : NUMBER.exec(text)?.groups;
    if (!groups) return undefined;
    const sign = groups['sign'] === '-' || groups['sign'] === '−' ? -1 : 1;
    values.push(sign * Number(`${groups['digits']?.replaceAll(',', '')}${groups['fraction'] ?? ''}`));
    units.add(`${groups['before']}${groups['after']}`);
  }
  const [unit, ...others] = units;
  return unit === undefined || others.length > 0 ? undefined : { values, unit };
}

/** Comma-separated lines, without quoting: the labels and numbers of a chart need none. */
function readCsv(content: string): Grid {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const [header = [], ...rows] = lines.map((line) => line.split(',').map((cell) => cell.trim()));
  return { header, delimiters: [], rows, sourceLength: content.length };
}
