import { Button } from '../../controls/button.tsx';
import { usePlace } from '../../place/place.tsx';
import { texts } from '../../texts.ts';

interface CreateButtonProps {
  readonly isFirst?: boolean;
  readonly onCreate: () => void;
}

/** Asks for the dialog for a new key, for whoever may make one here. */
export function CreateButton({ isFirst = false, onCreate }: CreateButtonProps) {
  const { may, profile } = usePlace();
  if (profile === null || profile.archivedAt !== null || !may('key.create')) return null;
  return (
    <Button kind="primary" onClick={onCreate}>
      {isFirst ? texts.keys.createFirst : texts.keys.create}
    </Button>
  );
}
