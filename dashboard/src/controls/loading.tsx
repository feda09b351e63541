import { texts } from '../texts.ts';
import styles from './controls.module.css';

export function Loading() {
  return (
    <div className={styles.loading} role="status">
      <span className={styles.spinner} aria-hidden="true" />
      <span className="visually-hidden">{texts.loading}</span>
    </div>
  );
}
