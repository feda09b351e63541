import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { DAY_MS, HOUR_MS } from '../../../src/core/clock.ts';
import type { UsagePoint } from '../../../src/core/usage-series.ts';
import { Choice } from '../controls/choice.tsx';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import { statsQuery } from '../server/queries.ts';
import { texts } from '../texts.ts';
import styles from './keys.module.css';
import { KeyNumbers } from './page/key-numbers.tsx';

const TimeChart = lazy(() => import('../charts/time-chart.tsx'));

const words = texts.key;
const WINDOWS = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS, quarter: 90 * DAY_MS } as const;
type WindowName = keyof typeof WINDOWS;
const WINDOW_OPTIONS = (['hour', 'day', 'week', 'month', 'quarter'] as const).map((value) => ({
  value,
  label: words.windows[value],
}));

/** How the requests of a key were answered, over time. */
export function KeyTraffic({ keyId }: { readonly keyId: string }) {
  const [name, setName] = useState<WindowName>('day');
  const stats = useQuery(statsQuery(keyId, WINDOWS[name]));
  return (
    <section className={styles.panel} aria-labelledby="requests">
      <div className={styles.panelHead}>
        <h2 id="requests">{words.requests}</h2>
        <Choice label={words.window} value={name} options={WINDOW_OPTIONS} onChange={setName} />
      </div>
      {stats.data !== undefined ? (
        <>
          <KeyNumbers stats={stats.data} />
          <Suspense fallback={<Loading />}>
            <Traffic series={stats.data.series} />
          </Suspense>
        </>
      ) : stats.isError ? (
        <Problem error={stats.error} onRetry={() => void stats.refetch()} />
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Traffic({ series }: { readonly series: readonly UsagePoint[] }) {
  const served = series.map((point) => point.served);
  const errors = series.map((point) => point.clientErrors + point.serverErrors + point.rateLimited);
  const refused = series.map((point) => point.refused);
  return (
    <TimeChart
      times={series.map(({ at }) => at)}
      series={[
        { name: words.series.served, tone: 'accent', values: served },
        { name: words.series.errors, tone: 'warn', values: errors },
        { name: words.series.refused, tone: 'bad', values: refused },
      ]}
      label={words.chart(total(served), total(errors), total(refused))}
    />
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
