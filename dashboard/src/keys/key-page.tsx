import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'wouter';
import { Icon } from '../controls/icon.tsx';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import { usePlace } from '../place/place.tsx';
import { keyQuery } from '../server/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { texts } from '../texts.ts';
import { KeyFacts } from './key-facts.tsx';
import { KeyTraffic } from './key-traffic.tsx';
import { Mask, StatusBadge } from './key-words.tsx';
import styles from './keys.module.css';
import { GracePanel } from './life/grace-panel.tsx';
import { KeyActions } from './life/key-actions.tsx';
import { KeyAudit } from './page/key-audit.tsx';
import { KeyCallers } from './page/key-callers.tsx';
import { KeyEvents } from './page/key-events.tsx';
import { KeyHeadroom } from './page/key-headroom.tsx';

/** All about one key. */
export default function KeyPage() {
  const { keyId = '' } = useParams<{ keyId: string }>();
  const { data: key, error, refetch } = useQuery(keyQuery(keyId));
  const { adopt, may, team, profile } = usePlace();
  usePageTitle(key?.name ?? texts.keys.title);
  const profileId = key?.profileId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each profile, not whenever the place is made anew.
  useEffect(() => {
    if (profileId !== undefined) adopt(profileId);
  }, [profileId]);
  if (key === undefined) {
    return error === null ? <Loading /> : <Problem isPage error={error} onRetry={() => void refetch()} />;
  }
  // The role is that of the place, which a moment ago may have been another team.
  const isHere = profile?.id === key.profileId;
  return (
    <>
      <Link href="/keys" className={styles.back}>
        <Icon name="back" />
        {texts.key.back}
      </Link>
      <div className={styles.head}>
        <div className={styles.title}>
          <h1>{key.name}</h1>
          <StatusBadge status={key.status} />
          <Mask start={key.start} />
        </div>
        <KeyActions summary={key} />
      </div>
      <GracePanel summary={key} mayRotate={isHere && may('key.rotate')} />
      <div className={styles.panels}>
        <div className={styles.column}>
          <KeyTraffic keyId={key.id} />
          <KeyEvents summary={key} />
          {isHere && team !== null && may('audit.read') ? <KeyAudit teamId={team.id} keyId={key.id} /> : null}
        </div>
        <div className={styles.column}>
          <KeyHeadroom keyId={key.id} />
          <KeyFacts summary={key} />
          <KeyCallers summary={key} />
        </div>
      </div>
    </>
  );
}
