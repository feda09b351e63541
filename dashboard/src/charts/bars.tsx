import styles from './charts.module.css';

export type Tone = 'accent' | 'warn';

export interface Bar {
  readonly key: string;
  /** From the ground up, as parts of the height of the chart: 0 to 1 together. */
  readonly parts: readonly { readonly tone: Tone; readonly share: number }[];
  /** For whoever points at it. */
  readonly title: string;
}

export interface BarsProps {
  readonly bars: readonly Bar[];
  /** What it shows, in words. */
  readonly label: string;
  readonly legend: readonly { readonly tone: Tone; readonly name: string }[];
  /** Of the first and the last bar. */
  readonly span: readonly [first: string, last: string];
}

const HEIGHT = 100;
const STEP = 10;
const WIDTH = 8;
/** Few bars are not to be as wide as the page. */
const LEAST_COLUMNS = 24;
/** What is not nothing is seen, however little it is. */
const LEAST = 2;

/** Bars side by side over all of the width, each of a few parts. */
export function Bars({ bars, label, legend, span }: BarsProps) {
  return (
    <figure className={styles.stack}>
      <figcaption className={styles.legend}>
        {legend.map(({ name, tone }) => (
          <span key={name} className={styles[tone]}>
            {name}
          </span>
        ))}
      </figcaption>
      <svg
        viewBox={`0 0 ${Math.max(LEAST_COLUMNS, bars.length) * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map(({ key, parts, title }, index) => (
          <g key={key}>
            <title>{title}</title>
            {stacked(parts).map(({ tone, y, height }) => (
              <rect key={tone} className={styles[tone]} x={index * STEP} y={y} width={WIDTH} height={height} />
            ))}
          </g>
        ))}
      </svg>
      <p className={styles.span}>{span.join(' – ')}</p>
    </figure>
  );
}

function stacked(parts: Bar['parts']) {
  let y = HEIGHT;
  return parts
    .filter(({ share }) => share > 0)
    .map(({ tone, share }) => {
      const height = Math.max(LEAST, share * HEIGHT);
      y -= height;
      return { tone, y, height };
    });
}
