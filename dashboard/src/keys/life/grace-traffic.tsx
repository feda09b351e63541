import type { KeyStats } from '../../../../src/core/key-service.ts';
import { Named } from '../../controls/named.tsx';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { Caller } from './caller.tsx';
import { GraceChart } from './grace-chart.tsx';
import styles from './life.module.css';

const words = keyLifeTexts.grace;
const WIDTH = 100;

/** How the traffic since a rotation is divided between the old secret and the new one, and who used each last. */
export function GraceTraffic({ present }: { readonly present: KeyStats }) {
  const old = present.previousSecret;
  if (old === null) return null;
  return (
    <>
      {old.share === null ? (
        <p className={styles.hint}>{words.noTraffic}</p>
      ) : (
        <>
          <ShareBar share={old.share} answered={old.answered} />
          <GraceChart keyId={present.id} old={old} />
        </>
      )}
      <dl className={styles.uses}>
        <Named name={words.oldUse}>
          <Caller use={old.lastUse} nobody={words.oldUnused} />
        </Named>
        <Named name={words.newUse}>
          <Caller use={present.currentSecret.lastUse} nobody={words.newUnused} />
        </Named>
      </dl>
    </>
  );
}

function ShareBar({ share, answered }: { readonly share: number; readonly answered: number }) {
  return (
    <div className={styles.share}>
      <svg viewBox={`0 0 ${WIDTH} 4`} preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.shareNew} width={WIDTH} height="4" />
        <rect className={styles.shareOld} width={share * WIDTH} height="4" />
      </svg>
      <div className={styles.shareNames}>
        <span>{words.oldShare(share, answered)}</span>
        <span>{words.newShare(1 - share)}</span>
      </div>
    </div>
  );
}
