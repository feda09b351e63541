import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { KeyActivity } from '../../../src/core/key-service.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import { usePlace } from '../place/place.tsx';
import { activityQuery, keysQuery, MAX_KEYS } from '../server/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { texts } from '../texts.ts';
import { shownKeys } from './key-list.ts';
import { KeyTools } from './key-tools.tsx';
import styles from './keys.module.css';
import { KeysSummary } from './keys-summary.tsx';
import { KeysTable } from './keys-table.tsx';
import { CreateButton } from './life/create-button.tsx';
import { NoKeyFits, NoKeys } from './no-keys.tsx';
import { useKeyView } from './use-key-view.ts';

const CreateDialog = lazy(() => import('./life/create-dialog.tsx'));

/** The keys of the profile that is looked at. */
export function KeysPage() {
  usePageTitle(texts.keys.title);
  const { profile } = usePlace();
  return profile === null ? null : <KeysOf key={profile.id} profile={profile} />;
}

function KeysOf({ profile }: { readonly profile: ProfileSummary }) {
  const keys = useQuery(keysQuery(profile.id));
  const activity = useQuery(activityQuery(profile.id));
  const view = useKeyView();
  const [isCreating, setCreating] = useState(false);
  const activityOf = useMemo(() => new Map(activity.data?.data.map((one) => [one.id, one])), [activity.data]);
  if (keys.data === undefined) {
    return keys.isError ? <Problem error={keys.error} onRetry={() => void keys.refetch()} /> : <Loading />;
  }
  const all = keys.data.data;
  const shown = shownKeys(all, view.filter, view.order, (id) => servedIn(activityOf.get(id)));
  return (
    <>
      <div className={styles.head}>
        <h1>{texts.keys.title}</h1>
        {all.length === 0 ? null : <CreateButton onCreate={() => setCreating(true)} />}
      </div>
      {all.length === 0 ? (
        <NoKeys onCreate={() => setCreating(true)} />
      ) : (
        <>
          <KeysSummary keys={all} activity={activity.data?.data ?? null} />
          <KeyTools view={view} shown={shown.length} all={all.length} />
          {shown.length === 0 ? (
            <NoKeyFits onClear={view.clear} />
          ) : (
            <KeysTable keys={shown} activityOf={activityOf} view={view} profileName={profile.name} />
          )}
          <p className={styles.foot}>{keys.data.hasMore ? texts.keys.tooMany(MAX_KEYS) : texts.keys.keyboard}</p>
        </>
      )}
      {/* Not in the button: when its answer was lost, the key may be in the list already, and the first button gone. */}
      {isCreating ? (
        <Suspense fallback={null}>
          <CreateDialog profileId={profile.id} onClose={() => setCreating(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

function servedIn(activity: KeyActivity | undefined): number {
  return activity?.served.reduce((sum, count) => sum + count, 0) ?? 0;
}
