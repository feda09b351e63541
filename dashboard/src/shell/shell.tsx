import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { DashboardPath } from '../../../src/api/dashboard.ts';
import { FirstProfile } from '../place/first-profile.tsx';
import { NoTeam } from '../place/no-team.tsx';
import { usePlace } from '../place/place.tsx';
import { ProfileSwitch, TeamSwitch } from '../place/switches.tsx';
import { texts } from '../texts.ts';
import { AccountMenu } from './account-menu.tsx';
import { Mark } from './mark.tsx';
import styles from './shell.module.css';

/** The sections, in the order of the header. */
const SECTIONS: readonly { readonly path: DashboardPath; readonly name: string }[] = [
  { path: '/keys', name: texts.nav.keys },
  { path: '/log', name: texts.nav.log },
  { path: '/profiles', name: texts.nav.profiles },
  { path: '/people', name: texts.nav.people },
  { path: '/gateways', name: texts.nav.gateways },
];

/** They are about the team or the server, and so there before its first profile. */
const WITHOUT_PROFILE: readonly string[] = ['/people', '/gateways'] satisfies readonly DashboardPath[];

/** What all pages have around them. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { team, profile } = usePlace();
  const [path] = useLocation();
  return (
    <>
      <a className={styles.skip} href="#content">
        {texts.skip}
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link href="/keys" className={styles.brand} aria-label={texts.product}>
            <Mark className={styles.mark} />
          </Link>
          <TeamSwitch />
          <ProfileSwitch />
          <span className={styles.spring} />
          <AccountMenu />
        </div>
        <Sections />
      </header>
      <Content>
        {team === null ? <NoTeam /> : profile === null && !WITHOUT_PROFILE.includes(path) ? <FirstProfile /> : children}
      </Content>
    </>
  );
}

function Sections() {
  const [path] = useLocation();
  return (
    <nav className={styles.tabs} aria-label={texts.nav.label}>
      {SECTIONS.map((section) => (
        <Link
          key={section.path}
          href={section.path}
          className={styles.tab}
          aria-current={path === section.path || path.startsWith(`${section.path}/`) ? 'page' : undefined}
        >
          {section.name}
        </Link>
      ))}
    </nav>
  );
}

/** Gets the keyboard when another page is shown, so that a screen reader begins there. */
function Content({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
  return (
    <main id="content" className={styles.main} tabIndex={-1} ref={main}>
      {children}
    </main>
  );
}
