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

/** All about one key. */
export default function KeyPage() {
  const { keyId = '' } = useParams<{ keyId: string }>();
  const { data: key, error, refetch } = useQuery(keyQuery(keyId));
  const { adopt } = usePlace();
  usePageTitle(key?.name ?? texts.keys.title);
  const profileId = key?.profileId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each profile, not whenever the place is made anew.
  useEffect(() => {
    if (profileId !== undefined) adopt(profileId);
  }, [profileId]);
  if (key === undefined) {
    return error === null ? <Loading /> : <Problem isPage error={error} onRetry={() => void refetch()} />;
  }
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
      </div>
      <div className={styles.panels}>
        <KeyTraffic keyId={key.id} />
        <KeyFacts summary={key} />
      </div>
    </>
  );
}
