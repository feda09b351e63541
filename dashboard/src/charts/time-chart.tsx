import { useEffect, useRef, useState } from 'react';
import uPlot, { type AlignedData, type Options } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { DAY_MS } from '../../../src/core/clock.ts';
import { THEME_EVENT } from '../shell/theme.ts';
import styles from './charts.module.css';

export interface ChartSeries {
  readonly name: string;
  readonly tone: 'accent' | 'warn' | 'bad';
  readonly values: readonly number[];
}

export interface TimeChartProps {
  /** Epoch milliseconds, one for each value. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** What it shows, in words. */
  readonly label: string;
}

const HEIGHT = 200;
/** So few values are no line that is seen. */
const MAX_MARKED = 4;
const COLOURS = { accent: '--accent-line', warn: '--warn', bad: '--bad' } as const;

/** Lines over time, on a canvas. Loaded by `lazy` only: the library is for the pages that draw. */
export default function TimeChart({ times, series, label }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const look = useLook();
  const data = [times.map((time) => time / 1000), ...series.map(({ values }) => values)] as AlignedData;
  const newest = useRef(data);
  newest.current = data;
  const isMarked = times.length <= MAX_MARKED;
  const names = JSON.stringify(series.map(({ name, tone }) => [name, tone]));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of look draws anew with other colours.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = new uPlot(optionsOf(JSON.parse(names), element.clientWidth, isMarked), newest.current, element);
    chart.current = drawn;
    const resizing = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      drawn.destroy();
      chart.current = null;
    };
  }, [names, isMarked, look]);

  useEffect(() => chart.current?.setData(data));

  return (
    <figure className={styles.chart}>
      <figcaption className={styles.legend}>
        {series.map(({ name, tone }) => (
          <span key={name} className={styles[tone]}>
            {name}
          </span>
        ))}
      </figcaption>
      <div ref={place} role="img" aria-label={label} />
    </figure>
  );
}

/** Another number whenever the colours of the page have changed. */
function useLook(): number {
  const [look, setLook] = useState(0);
  useEffect(() => {
    const change = () => setLook((before) => before + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', change);
    window.addEventListener(THEME_EVENT, change);
    return () => {
      system.removeEventListener('change', change);
      window.removeEventListener(THEME_EVENT, change);
    };
  }, []);
  return look;
}

function optionsOf(
  series: readonly (readonly [string, ChartSeries['tone']])[],
  width: number,
  isMarked: boolean,
): Options {
  const [muted, line] = [colourOf('--muted'), colourOf('--line')];
  const axis = { stroke: muted, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] } },
    axes: [
      { ...axis, size: 30, grid: { show: false }, space: 64, values: (_, times) => namesOf(times) },
      { ...axis, size: 46 },
    ],
    series: [
      {},
      ...series.map(([label, tone], index) => {
        const stroke = colourOf(COLOURS[tone]);
        return {
          label,
          stroke,
          width: 1.75,
          points: { show: isMarked },
          ...(index === 0 ? { fill: `${stroke}22` } : {}),
        };
      }),
    ],
  };
}

const HOUR = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Each time of an axis, in seconds, as its hour; as its day where it begins one, or where all are days. */
function namesOf(times: readonly number[]): string[] {
  const stepS = (times[1] ?? 0) - (times[0] ?? 0);
  return times.map((time) => {
    const at = new Date(time * 1000);
    const isDay = stepS >= DAY_MS / 1000 || (at.getHours() === 0 && at.getMinutes() === 0);
    return (isDay ? DAY : HOUR).format(at);
  });
}

/** A colour of the page as a canvas takes it: names of colours, and `light-dark()`, are none there. */
function colourOf(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? [];
  probe.remove();
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
