import { lazy, Suspense, useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { texts } from '../texts.ts';
import { usePlace } from './place.tsx';

const ProfileDialog = lazy(() => import('./profile-dialog.tsx'));

/** Of a team without a profile. */
export function FirstProfile() {
  const { may } = usePlace();
  const [isOpen, setOpen] = useState(false);
  const { title, text, member } = texts.place.firstProfile;
  if (!may('profile.change')) return <Notice isPage title={texts.place.noProfile} text={member} />;
  return (
    <Notice isPage title={title} text={text}>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {texts.place.profileDialog.create}
      </Button>
      {isOpen ? (
        <Suspense fallback={null}>
          <ProfileDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </Notice>
  );
}
