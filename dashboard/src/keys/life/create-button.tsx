import { lazy, Suspense, useState } from 'react';
import { Button } from '../../controls/button.tsx';
import { usePlace } from '../../place/place.tsx';
import { texts } from '../../texts.ts';

const CreateDialog = lazy(() => import('./create-dialog.tsx'));

/** Opens the dialog for a new key, for whoever may make one here. */
export function CreateButton({ isFirst = false }: { readonly isFirst?: boolean }) {
  const { may, profile } = usePlace();
  const [isOpen, setOpen] = useState(false);
  if (profile === null || profile.archivedAt !== null || !may('key.create')) return null;
  return (
    <>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {isFirst ? texts.keys.createFirst : texts.keys.create}
      </Button>
      {isOpen ? (
        <Suspense fallback={null}>
          <CreateDialog profileId={profile.id} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
