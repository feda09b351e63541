import { Button } from '../controls/button.tsx';
import { CommandLine } from '../controls/copy-button.tsx';
import { Notice } from '../controls/notice.tsx';
import { usePlace } from '../place/place.tsx';
import { texts } from '../texts.ts';
import { CreateButton } from './life/create-button.tsx';

/** Of a profile without a key. */
export function NoKeys({ onCreate }: { readonly onCreate: () => void }) {
  const { may } = usePlace();
  const { title, first, may: how, command, member } = texts.keys.none;
  if (!may('key.create')) return <Notice title={title} text={member} />;
  return (
    <Notice title={title} text={first}>
      <CreateButton isFirst onCreate={onCreate} />
      <p>{how}</p>
      <CommandLine command={command} />
    </Notice>
  );
}

export function NoKeyFits({ onClear }: { readonly onClear: () => void }) {
  const { title, text, clear } = texts.keys.noneFound;
  return (
    <Notice title={title} text={text}>
      <Button onClick={onClear}>{clear}</Button>
    </Notice>
  );
}
