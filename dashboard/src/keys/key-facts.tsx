import type { ReactNode } from 'react';
import type { KeySummary } from '../../../src/core/key-service.ts';
import { CopyButton } from '../controls/copy-button.tsx';
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
        <Fact name={words.id}>
          <code>{key.id}</code> <CopyButton text={key.id} label={words.id} />
        </Fact>
        <Fact name={texts.keys.environment}>{texts.environment[key.environment]}</Fact>
        <Fact name={words.created}>
          {fullTime(key.createdAt)} {words.createdBy(key.createdBy)}
        </Fact>
        <Fact name={words.lastUsed}>
          <Ago time={key.lastUsedAt} now={now} />
        </Fact>
        <Fact name={words.expires}>{key.expiresAt === null ? words.never : fullTime(key.expiresAt)}</Fact>
        <Fact name={words.limit}>
          {key.rateLimitPerMinute === null ? words.ofPlan : words.perMinute(key.rateLimitPerMinute)}
        </Fact>
        {key.previousSecret === null ? null : (
          <Fact name={words.oldSecret}>
            <Mask start={key.previousSecret.start} /> {words.oldSecretUntil(fullTime(key.previousSecret.acceptedUntil))}
          </Fact>
        )}
        {key.revokedAt === null ? null : <Fact name={words.revoked}>{fullTime(key.revokedAt)}</Fact>}
        {key.revokeReason === null ? null : <Fact name={words.reason}>{key.revokeReason}</Fact>}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
