import { Field } from '@base-ui/react/field';
import type { ComponentProps } from 'react';
import styles from './controls.module.css';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'defaultValue'> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with it; tells why, and stands until it is right. */
  readonly problem?: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, hint, problem = null, value, onChange, ...rest }: TextFieldProps) {
  return (
    <Field.Root className={styles.field} invalid={problem !== null}>
      <Field.Label className={styles.label}>{label}</Field.Label>
      <Field.Control
        className={styles.input}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...(rest as object)}
      />
      {hint === undefined ? null : <Field.Description className={styles.hint}>{hint}</Field.Description>}
      {problem === null ? null : (
        <Field.Error className={styles.error} match>
          {problem}
        </Field.Error>
      )}
    </Field.Root>
  );
}
