import type { Bench } from './bench.ts';
import { importPeer } from './peers.ts';
import type { BenchReport } from './report.ts';
import { shown } from './report.ts';
import { median, quantile } from './rounds.ts';

interface Echarts {
  init(
    element: null,
    theme: null,
    options: object,
  ): { setOption(option: object): void; renderToSVGString(): string; dispose(): void };
}

const OWN = '#2563eb';
const OTHERS = '#94a3b8';
const INK = '#475569';
const WIDTH = 760;
const ROW_HEIGHT = 34;

/** Bars with the medians of all series of the plot's unit, and the spread of their rounds as whiskers. An SVG, drawn by ECharts. */
export async function plotSvg(report: BenchReport, plot: Bench['plot']): Promise<string> {
  const { init } = await importPeer<Echarts>('echarts');
  const rows = report.series.filter(({ unit }) => unit === plot.unit).toReversed();
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: 90 + rows.length * ROW_HEIGHT });
  const least = Math.min(...rows.map(({ samples }) => quantile(samples, 0)));
  chart.setOption({
    animation: false,
    title: {
      text: report.title,
      subtext: `${plot.unit} · ${report.date}`,
      left: 8,
      textStyle: { color: INK, fontSize: 15 },
    },
    grid: { left: 8, right: 96, top: 62, bottom: 8, containLabel: true },
    xAxis: {
      type: plot.scale === 'log' ? 'log' : 'value',
      ...(plot.scale === 'log' ? { min: 10 ** Math.floor(Math.log10(least)) } : {}),
      axisLabel: { color: INK },
      splitLine: { lineStyle: { color: '#e2e8f0' } },
    },
    yAxis: {
      type: 'category',
      data: rows.map(({ name }) => name),
      axisLabel: { color: INK },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        barWidth: 16,
        data: rows.map(({ name, samples }) => ({
          value: median(samples),
          itemStyle: { color: isOurs(name) ? OWN : OTHERS, borderRadius: 2 },
          label: { show: true, position: 'right', color: INK, formatter: `${shown(median(samples))} ${plot.unit}` },
        })),
      },
      {
        type: 'custom',
        z: 3,
        data: rows.map(({ samples }, row) => [row, quantile(samples, 0), quantile(samples, 1)]),
        renderItem: (_: unknown, api: { value(index: number): number; coord(point: readonly number[]): number[] }) => {
          const [left = 0, y = 0] = api.coord([api.value(1), api.value(0)]);
          const [right = 0] = api.coord([api.value(2), api.value(0)]);
          return {
            type: 'line',
            shape: { x1: left, y1: y, x2: right, y2: y },
            style: { stroke: '#0f172a', lineWidth: 1.5 },
          };
        },
      },
    ],
  });
  const svg = `${chart.renderToSVGString()}\n`;
  // Its clock for animations would go on for ever.
  chart.dispose();
  return svg;
}

function isOurs(name: string): boolean {
  return /^outkit|product/i.test(name);
}
