import { useQuery } from '@tanstack/react-query';
import { presentQuery } from '../../server/queries.ts';
import { keyPageTexts as words } from '../../texts/key-page.ts';
import { number } from '../../texts.ts';
import { useNow } from '../../times.ts';
import pageStyles from '../keys.module.css';
import styles from './page.module.css';

/** A quarter and less is little. */
const LITTLE = 0.25;

/** What is left of the limit of this minute. Looking spends nothing of it. */
export function KeyHeadroom({ keyId }: { readonly keyId: string }) {
  const { data } = useQuery(presentQuery(keyId));
  const now = useNow(1000);
  if (data === undefined) return null;
  const { limit, remaining, resetAt, scope } = data.rateLimit;
  const resetS = resetAt === null ? 0 : Math.max(0, Math.ceil((resetAt - now) / 1000));
  return (
    <section className={pageStyles.panel} aria-labelledby="headroom">
      <div className={pageStyles.panelHead}>
        <h2 id="headroom">{words.headroom}</h2>
      </div>
      <p className={styles.left}>
        <strong>{number(remaining)}</strong> {words.leftOf(limit)}
      </p>
      <svg
        className={remaining <= limit * LITTLE ? styles.gaugeLow : styles.gauge}
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect className={styles.gaugeGround} width="100" height="4" />
        <rect width={(Math.min(remaining, limit) / Math.max(1, limit)) * 100} height="4" />
      </svg>
      <p className={styles.note}>
        {resetS === 0 ? words.allFree : words.freeIn(resetS)} {scope === 'shared' ? null : words.ofGateway}
      </p>
    </section>
  );
}
