import { useMutation } from '@tanstack/react-query';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { MenuAction, MenuButton, MenuChoice, MenuLink, MenuSeparator } from '../controls/menu.tsx';
import { problemText } from '../controls/problem.tsx';
import { useToast } from '../controls/toasts.tsx';
import { usePlace } from '../place/place.tsx';
import { services } from '../server/services.ts';
import { texts } from '../texts.ts';
import styles from './shell.module.css';
import { THEMES, useTheme } from './theme.ts';

const THEME_OPTIONS = THEMES.map((value) => ({ value, label: texts.account.themes[value] }));

export function AccountMenu() {
  const { me } = usePlace();
  const [theme, setTheme] = useTheme();
  const tell = useToast();
  const signOut = useMutation({
    mutationFn: () => services.me.signOut(),
    // A load of a new page: nothing of this session stays in memory.
    onSuccess: () => location.assign('/sign-in'),
    onError: (error) => tell(problemText(error)),
  });
  const { person } = me;
  return (
    <MenuButton
      align="end"
      trigger={
        <Button kind="quiet" aria-label={texts.account.menu}>
          <Icon name="person" />
        </Button>
      }
    >
      <p className={styles.accountName}>{person?.name ?? texts.account.local}</p>
      <p className={styles.accountMail}>{person?.email ?? texts.account.localHint}</p>
      <MenuSeparator />
      <MenuChoice label={texts.account.theme} value={theme} options={THEME_OPTIONS} onChange={setTheme} />
      {person === null ? null : (
        <>
          <MenuSeparator />
          <MenuLink href="/account">{texts.account.sessions}</MenuLink>
          <MenuAction onClick={() => signOut.mutate()}>{texts.account.signOut}</MenuAction>
        </>
      )}
    </MenuButton>
  );
}
