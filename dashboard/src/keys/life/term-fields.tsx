import { Choice } from '../../controls/choice.tsx';
import { TextField } from '../../controls/text-field.tsx';
import { keyLifeTexts } from '../../texts/key-life.ts';
import type { EditFields, Expiry, TermFields, TermProblems } from './key-terms.ts';
import styles from './life.module.css';

const words = keyLifeTexts.create;

interface ExpiryChoiceProps<Value extends Expiry | 'keep'> {
  readonly value: Value;
  readonly options: readonly Value[];
  readonly onChange: (expiry: Value) => void;
}

export function ExpiryChoice<Value extends Expiry | 'keep'>({ value, options, onChange }: ExpiryChoiceProps<Value>) {
  return (
    <div className={styles.choice}>
      <span aria-hidden="true">{words.expiry}</span>
      <Choice
        label={words.expiry}
        value={value}
        options={options.map((option) => ({ value: option, label: words.expiries[option] }))}
        onChange={onChange}
      />
    </div>
  );
}

interface TermDetailsProps {
  readonly fields: EditFields;
  readonly problems: TermProblems;
  readonly onChange: (changed: Partial<Pick<TermFields, 'date' | 'limit'>>) => void;
}

/** The day, when one is to be chosen, and the limit. */
export function TermDetails({ fields, problems, onChange }: TermDetailsProps) {
  return (
    <>
      {fields.expiry === 'date' ? (
        <TextField
          type="date"
          label={words.date}
          problem={problems.date ?? null}
          value={fields.date}
          onChange={(date) => onChange({ date })}
        />
      ) : null}
      <TextField
        inputMode="numeric"
        label={words.limit}
        hint={words.limitHint}
        problem={problems.limit ?? null}
        value={fields.limit}
        onChange={(limit) => onChange({ limit })}
      />
    </>
  );
}
