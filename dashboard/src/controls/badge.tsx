import type { ReactNode } from 'react';
import styles from './controls.module.css';

interface BadgeProps {
  readonly tone: 'good' | 'warn' | 'bad' | 'neutral';
  readonly children: ReactNode;
}

/** A state in a word; its colour says nothing that the word does not. */
export function Badge({ tone, children }: BadgeProps) {
  return <span className={`${styles.badge} ${tone === 'neutral' ? '' : styles[tone]}`}>{children}</span>;
}
