import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import type { StoredEvent } from '../../../../src/core/render-event.ts';
import { Loading } from '../../controls/loading.tsx';
import { Problem } from '../../controls/problem.tsx';
import { keyEventsQuery } from '../../server/queries.ts';
import { keyPageTexts as words } from '../../texts/key-page.ts';
import { useNow } from '../../times.ts';
import { Ago } from '../key-words.tsx';
import pageStyles from '../keys.module.css';
import styles from './page.module.css';

const MAX_ROWS = 12;

/** The latest requests with the key. */
export function KeyEvents({ summary: { id, profileId } }: { readonly summary: KeySummary }) {
  const events = useQuery(keyEventsQuery(profileId, id));
  return (
    <section className={pageStyles.panel} aria-labelledby="events">
      <div className={pageStyles.panelHead}>
        <h2 id="events">{words.events}</h2>
        <Link href={`/log?${new URLSearchParams({ key: id })}`}>{words.allEvents}</Link>
      </div>
      {events.data !== undefined ? (
        <Events events={events.data.data.slice(0, MAX_ROWS)} />
      ) : events.isError ? (
        <Problem error={events.error} onRetry={() => void events.refetch()} />
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Events({ events }: { readonly events: readonly StoredEvent[] }) {
  const now = useNow();
  if (events.length === 0) return <p className={styles.note}>{words.noEvents}</p>;
  return (
    <table className={styles.list}>
      <caption className="visually-hidden">{words.events}</caption>
      <thead>
        <tr>
          <th scope="col">{words.when}</th>
          <th scope="col">{words.status}</th>
          <th scope="col">{words.request}</th>
          <th scope="col" className={styles.number}>
            {words.duration}
          </th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.seq}>
            <td className={styles.when}>
              <Ago time={event.at} now={now} />
            </td>
            <td>
              <span className={styles[toneOf(event.status)]}>{event.status}</span>{' '}
              {event.verdict === 'accepted' ? null : (
                <span className={styles.note}>{words.verdict[event.verdict]}</span>
              )}
            </td>
            <td>
              <code>
                {event.method} {event.path}
              </code>
              {event.count === 1 ? null : <span className={styles.note}> ×{event.count}</span>}
            </td>
            <td className={styles.number}>{words.milliseconds(event.durationUs / 1000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function toneOf(status: number): 'good' | 'warn' | 'bad' {
  return status < 400 ? 'good' : status < 500 ? 'warn' : 'bad';
}
