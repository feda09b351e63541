import { useLayoutEffect, useRef } from 'react';
import type { SecretBox } from './secret-box.ts';
import styles from './shown-once.module.css';

interface SecretTextProps {
  readonly secret: SecretBox;
  /** What stands before it in the same line. */
  readonly before?: string;
}

/** A secret on the page, for as long as this part is there. It is put there by hand, since React remembers what it renders. */
export function SecretText({ secret, before = '' }: SecretTextProps) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    element.textContent = before + secret.read();
    return () => {
      element.textContent = '';
    };
  }, [secret, before]);
  return <code className={styles.secret} ref={place} />;
}
