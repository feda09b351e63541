import { useQuery } from '@tanstack/react-query';
import type { ListedEntry } from '../../../../src/core/audit-service.ts';
import { maskedStart } from '../../../../src/core/secret.ts';
import { visible } from '../../../../src/core/visible-text.ts';
import { Loading } from '../../controls/loading.tsx';
import { Problem } from '../../controls/problem.tsx';
import { keyAuditQuery } from '../../server/queries.ts';
import { keyPageTexts as words } from '../../texts/key-page.ts';
import { fullTime, useNow } from '../../times.ts';
import { Ago } from '../key-words.tsx';
import pageStyles from '../keys.module.css';
import styles from './page.module.css';

interface KeyAuditProps {
  readonly teamId: string;
  readonly keyId: string;
}

/** Who changed the key, for those who may know. */
export function KeyAudit({ teamId, keyId }: KeyAuditProps) {
  const audit = useQuery(keyAuditQuery(teamId, keyId));
  const now = useNow();
  return (
    <section className={pageStyles.panel} aria-labelledby="audit">
      <div className={pageStyles.panelHead}>
        <h2 id="audit">{words.audit}</h2>
      </div>
      {audit.data !== undefined ? (
        <ol className={styles.entries}>
          {audit.data.data.map((entry) => (
            <Entry key={entry.seq} entry={entry} now={now} />
          ))}
        </ol>
      ) : audit.isError ? (
        <Problem error={audit.error} onRetry={() => void audit.refetch()} />
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Entry({ entry, now }: { readonly entry: ListedEntry; readonly now: number }) {
  return (
    <li>
      <span>
        <strong>{words.action(entry.action)}</strong> {words.by(visible(entry.actor))}
        {entry.outcome === 'failed' || entry.outcome === 'unknown' ? ` ${words.outcome[entry.outcome]}` : null}
      </span>
      <span className={styles.when}>
        <Ago time={entry.at} now={now} />
      </span>
      <span className={styles.detail}>{detailOf(entry)}</span>
    </li>
  );
}

const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function factText(name: string, value: string): string {
  if (/start$/i.test(name)) return maskedStart(value);
  return TIME.test(value) ? fullTime(Date.parse(value)) : value;
}

/** What the change set, without what says nothing. */
function detailOf({ after, ip, client }: ListedEntry): string {
  const facts = Object.entries(after ?? {})
    .filter(([name, value]) => value !== null && name !== 'outcome')
    .map(([name, value]) => `${words.fact(name)}: ${factText(name, String(value))}`);
  return [...facts, ...[ip, client].filter((text) => text !== null)].map((text) => visible(text)).join(' · ');
}
