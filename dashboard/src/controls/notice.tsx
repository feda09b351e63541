import type { ReactNode } from 'react';
import styles from './controls.module.css';

interface NoticeProps {
  readonly title: string;
  readonly text?: string;
  /** What to do now. */
  readonly children?: ReactNode;
  readonly role?: 'alert';
  /** Of a whole page. */
  readonly isPage?: boolean;
}

/** Stands where there is nothing to show, and says what to do about it. */
export function Notice({ title, text, children, role, isPage = false }: NoticeProps) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div className={styles.notice} role={role}>
      <Title>{title}</Title>
      {text === undefined ? null : <p>{text}</p>}
      {children}
    </div>
  );
}
