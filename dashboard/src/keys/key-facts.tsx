import type { KeySummary } from '../../../src/core/key-service.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { Named } from '../controls/named.tsx';
import { texts } from '../texts.ts';
import { fullTime, useNow } from '../times.ts';
import { Ago, Mask } from './key-words.tsx';
import styles from './keys.module.css';

const words = texts.key;

/** What is known of a key, beside what it is used for. */
export function KeyFacts({ summary: key }: { readonly summary: KeySummary }) {
  const now = useNow();
  return (
    <section className={styles.panel} aria-labelledby="facts">
      <div className={styles.panelHead}>
        <h2 id="facts">{words.facts}</h2>
      </div>
      <dl className={styles.facts}>
        <Named name={words.id}>
          <code>{key.id}</code> <CopyButton text={key.id} label={words.id} />
        </Named>
        <Named name={texts.keys.environment}>{texts.environment[key.environment]}</Named>
        <Named name={words.created}>
          {fullTime(key.createdAt)} {words.createdBy(key.createdBy)}
        </Named>
        <Named name={words.lastUsed}>
          <Ago time={key.lastUsedAt} now={now} />
        </Named>
        <Named name={words.expires}>{key.expiresAt === null ? words.never : fullTime(key.expiresAt)}</Named>
        <Named name={words.limit}>
          {key.rateLimitPerMinute === null ? words.ofPlan : words.perMinute(key.rateLimitPerMinute)}
        </Named>
        {key.previousSecret === null ? null : (
          <Named name={words.oldSecret}>
            <Mask start={key.previousSecret.start} /> {words.oldSecretUntil(fullTime(key.previousSecret.acceptedUntil))}
          </Named>
        )}
        {key.revokedAt === null ? null : <Named name={words.revoked}>{fullTime(key.revokedAt)}</Named>}
        {key.revokeReason === null ? null : <Named name={words.reason}>{key.revokeReason}</Named>}
      </dl>
    </section>
  );
}
