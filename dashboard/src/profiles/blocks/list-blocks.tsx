import { profilesTexts } from '../../texts/profiles.ts';
import type { PropsOf } from './block-props.ts';
import styles from './blocks.module.css';

const words = profilesTexts.blocks;

export function AlertBlock({ kind, title, content }: PropsOf<'alert'>) {
  return (
    <div className={styles.alert} data-kind={kind}>
      <strong>{title ?? words.alert[kind]}</strong>
      <p className={styles.text}>{content}</p>
    </div>
  );
}

export function CheckboxBlock({ items }: PropsOf<'checkbox'>) {
  return (
    <ul className={styles.tasks}>
      {items.map(({ content, checked, depth }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no name but their place.
        <li key={index} style={{ marginLeft: `${Math.min(depth, 8) * 1.25}rem` }}>
          <span className={styles.box} data-checked={checked} aria-hidden="true" />
          <span className="visually-hidden">{checked ? words.done : words.open}:</span>
          <span className={styles.text}>{content}</span>
        </li>
      ))}
    </ul>
  );
}

export function StepsBlock({ start, steps }: PropsOf<'steps'>) {
  return (
    <ol className={styles.steps} start={start}>
      {steps.map(({ content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name but their place.
        <li key={index} className={styles.text}>
          {content}
        </li>
      ))}
    </ol>
  );
}

export function CodeBlock({ code, language }: PropsOf<'code'>) {
  return (
    <figure className={styles.figure}>
      {language === undefined ? null : <figcaption className={styles.caption}>{language}</figcaption>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard. */}
      <pre className={styles.code} tabIndex={0}>
        {code}
      </pre>
    </figure>
  );
}
