import styles from './charts.module.css';

interface SparklineProps {
  readonly values: readonly number[];
  /** What it shows, in words. */
  readonly label: string;
}

const WIDTH = 120;
const HEIGHT = 28;

/** One bar for each value, against the greatest of them. */
export function Sparkline({ values, label }: SparklineProps) {
  const max = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length);
  const path = values.map((value, index) => barOf(index * step, step - 1.2, (value / max) * (HEIGHT - 2))).join('');
  return (
    <svg className={styles.sparkline} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path className={styles.baseline} d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      <path className={styles.bars} d={path} />
    </svg>
  );
}

/** What is not nothing is seen, however little it is. */
function barOf(x: number, width: number, height: number): string {
  if (height === 0) return '';
  const shown = Math.max(1.5, height);
  return `M${x.toFixed(1)} ${(HEIGHT - shown).toFixed(1)}h${width.toFixed(1)}v${shown.toFixed(1)}h${(-width).toFixed(1)}z`;
}
