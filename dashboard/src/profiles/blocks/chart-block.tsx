import { profilesTexts } from '../../texts/profiles.ts';
import { number } from '../../texts.ts';
import type { PropsOf } from './block-props.ts';
import styles from './blocks.module.css';

/** The numbers of a chart as bars, of whichever type it is: what an app draws of them is its own. */
export function ChartBlock({ type, labels, series }: PropsOf<'chart'>) {
  const most = Math.max(1e-9, ...series.flatMap(({ values }) => values.map((value) => Math.abs(value ?? 0))));
  return (
    <figure className={styles.figure} data-type={type}>
      {series.map(({ name, values, unit }) => (
        <dl key={name} className={styles.bars}>
          <dt className={styles.caption}>{name}</dt>
          {labels.map((label, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two labels may be alike.
            <dd key={index}>
              <span>{label}</span>
              <span className={styles.track}>
                <span className={styles.bar} style={{ width: `${(Math.abs(values[index] ?? 0) / most) * 100}%` }} />
              </span>
              <span>{valueText(values[index] ?? null, unit)}</span>
            </dd>
          ))}
        </dl>
      ))}
    </figure>
  );
}

function valueText(value: number | null, unit: string): string {
  return value === null ? profilesTexts.blocks.noValue : `${number(value)} ${unit}`.trim();
}
