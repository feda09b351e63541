import { useQuery } from '@tanstack/react-query';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import { visible } from '../../../../src/core/visible-text.ts';
import { keyEventsQuery } from '../../server/queries.ts';
import { keyPageTexts as words } from '../../texts/key-page.ts';
import { useNow } from '../../times.ts';
import { Ago } from '../key-words.tsx';
import pageStyles from '../keys.module.css';
import { callersOf } from './callers.ts';
import styles from './page.module.css';

const MAX_CALLERS = 5;

/** Who made the latest requests. */
export function KeyCallers({ summary: { id, profileId } }: { readonly summary: KeySummary }) {
  const { data } = useQuery(keyEventsQuery(profileId, id));
  const now = useNow();
  if (data === undefined) return null;
  const callers = callersOf(data.data);
  return (
    <section className={pageStyles.panel} aria-labelledby="callers">
      <div className={pageStyles.panelHead}>
        <h2 id="callers">{words.callers}</h2>
      </div>
      {callers.length === 0 ? (
        <p className={styles.note}>{words.noCallers}</p>
      ) : (
        <ul className={styles.callers}>
          {callers.slice(0, MAX_CALLERS).map(({ ip, agent, lastAt, requests }) => (
            <li key={`${ip} ${agent}`}>
              <span className={styles.ip}>{ip}</span>
              <span className={styles.when}>
                <Ago time={lastAt} now={now} />
              </span>
              <span className={styles.agent}>{visible(agent)}</span>
              <span className={styles.when}>{words.requests(requests)}</span>
            </li>
          ))}
        </ul>
      )}
      {callers.length <= MAX_CALLERS ? null : <p className={styles.note}>{words.more(callers.length - MAX_CALLERS)}</p>}
    </section>
  );
}
