import { useQuery } from '@tanstack/react-query';
import { type BarrierTime, barrierSummary } from '../../../src/core/barrier-times.ts';
import { Bars } from '../charts/bars.tsx';
import table from '../controls/table.module.css';
import { barriersQuery } from '../server/queries.ts';
import { gatewaysTexts } from '../texts/gateways.ts';
import { fullTime } from '../times.ts';

const words = gatewaysTexts.barriers;
const SHOWN = 60;
/** The tallest bar: as long as a change takes that waits for a lease to end. */
const FULL_MS = 2_600;

/** How long the last changes took until they were in force at every gateway. */
export function Barriers() {
  const { data = [] } = useQuery(barriersQuery);
  const summary = barrierSummary(data);
  const shown = data.slice(0, SHOWN).reverse();
  const [first, last] = [shown[0], shown.at(-1)];
  if (summary === null || first === undefined || last === undefined) return null;
  return (
    <section aria-labelledby="barriers">
      <h2 id="barriers" className={table.section}>
        {words.title}
      </h2>
      <p className={table.lead}>{words.summary(summary)}</p>
      <Bars
        bars={shown.map(barOf)}
        label={words.chart(shown.length)}
        legend={[
          { tone: 'accent', name: words.confirmed },
          { tone: 'warn', name: words.waitedOut },
        ]}
        span={[fullTime(first.at), fullTime(last.at)]}
      />
    </section>
  );
}

function barOf(barrier: BarrierTime, index: number) {
  const tone = barrier.waitedOut === 0 ? 'accent' : 'warn';
  const parts = [{ tone, share: heightOf(barrier.ms) }] as const;
  return { key: `${barrier.at} ${index}`, parts, title: words.one(barrier, fullTime(barrier.at)) };
}

/** Logarithmic, since most take a few milliseconds, and one that waits takes 2,500. */
function heightOf(ms: number): number {
  return Math.min(1, Math.log1p(ms) / Math.log1p(FULL_MS));
}
