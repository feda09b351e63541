import { useState } from 'react';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { draftOf, goodTokens } from './design-draft.ts';
import { Playground } from './playground.tsx';
import { ProfileForm } from './profile-form.tsx';
import styles from './profiles.module.css';

/** One profile: what it is beside what comes of it. */
export function ProfileStudio({ profile }: { readonly profile: ProfileSummary }) {
  const [draft, setDraft] = useState(() => draftOf(profile));
  return (
    <div className={styles.studio}>
      <ProfileForm profile={profile} draft={draft} onDraft={setDraft} />
      <Playground profile={profile} design={goodTokens(draft.design)} />
    </div>
  );
}
