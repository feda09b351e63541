import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { Badge } from '../controls/badge.tsx';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import { usePlace } from '../place/place.tsx';
import { services } from '../server/services.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { logTexts } from '../texts/log.ts';
import styles from './log.module.css';
import { type FeedState, type LogChoice, LogFeed } from './log-feed.ts';
import { LogLines } from './log-lines.tsx';
import { LogTools } from './log-tools.tsx';
import { useLogChoice, useLogFilter } from './use-log-choice.ts';

const words = logTexts;
const TONES = { connecting: 'neutral', live: 'good', lost: 'warn', failed: 'bad' } as const;

/** The requests of a profile as they are answered. */
export default function LogPage() {
  usePageTitle(words.title);
  const { profile } = usePlace();
  return profile === null ? null : <LogOf key={profile.id} profile={profile} />;
}

function LogOf({ profile }: { readonly profile: ProfileSummary }) {
  const [filter, change] = useLogFilter();
  const choice = useLogChoice(profile.id, filter);
  const [attempt, setAttempt] = useState(0);
  const { state, isBefore } = useFeed(choice, attempt);
  return (
    <>
      <div className={styles.head}>
        <h1>{words.title}</h1>
        <span role="status">
          <Badge tone={TONES[state.connection]}>{words.connection[state.connection]}</Badge>
        </span>
      </div>
      <LogTools profileId={profile.id} filter={filter} onChange={change} />
      {state.connection === 'failed' ? (
        <Problem error={state.error} onRetry={() => setAttempt(attempt + 1)} />
      ) : isBefore ? (
        <Loading />
      ) : (
        <LogLines key={JSON.stringify(choice)} view={state.view} showsProfiles={filter.allProfiles} />
      )}
    </>
  );
}

/** `isBefore`: nothing is known yet. */
function useFeed(choice: LogChoice, attempt: number): { readonly state: FeedState; readonly isBefore: boolean } {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt is another feed.
  const feed = useMemo(() => new LogFeed(services.events, choice), [choice, attempt]);
  useEffect(() => () => feed.end(), [feed]);
  const state = useSyncExternalStore(feed.listen, feed.state);
  return { state, isBefore: state.connection === 'connecting' && state.view.lines.length === 0 };
}
