import { lazy, Suspense, useState } from 'react';
import { Button } from '../controls/button.tsx';
import table from '../controls/table.module.css';
import { usePlace } from '../place/place.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { profilesTexts as words } from '../texts/profiles.ts';
import { texts } from '../texts.ts';
import { ProfileList } from './profile-list.tsx';
import { ProfileStudio } from './profile-studio.tsx';

const ProfileDialog = lazy(() => import('../place/profile-dialog.tsx'));

/** The profiles of the team, and the one that is looked at: its design and plan, with what the renderer makes of a text by them. */
export default function ProfilesPage() {
  usePageTitle(words.title);
  const { profile, may } = usePlace();
  const [isMaking, setMaking] = useState(false);
  if (profile === null) return null;
  return (
    <>
      <div className={table.head}>
        <h1>{words.title}</h1>
        {may('profile.change') ? <Button onClick={() => setMaking(true)}>{texts.place.newProfile}</Button> : null}
      </div>
      <ProfileList />
      {/* What was saved elsewhere takes the place of a draft only when the profile is another one. */}
      <ProfileStudio key={profile.id} profile={profile} />
      {isMaking ? (
        <Suspense>
          <ProfileDialog onClose={() => setMaking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
