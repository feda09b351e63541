import { lazy, Suspense, useState } from 'react';
import type { TeamSummary } from '../../../src/core/people-service.ts';
import { Button } from '../controls/button.tsx';
import { peopleTexts } from '../texts/people.ts';

const InviteDialog = lazy(() => import('./invite-dialog.tsx'));

export function InviteButton({ team }: { readonly team: TeamSummary }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {peopleTexts.invite.open}
      </Button>
      {isOpen ? (
        <Suspense>
          <InviteDialog team={team} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
