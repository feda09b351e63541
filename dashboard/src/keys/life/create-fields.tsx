import { ENVIRONMENTS } from '../../../../src/core/environment.ts';
import { Choice } from '../../controls/choice.tsx';
import { TextField } from '../../controls/text-field.tsx';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { texts } from '../../texts.ts';
import { EXPIRIES, type KeyFields, type KeyProblems } from './key-request.ts';
import styles from './life.module.css';

const words = keyLifeTexts.create;
const ENVIRONMENT_OPTIONS = ENVIRONMENTS.map((value) => ({ value, label: texts.environment[value] }));
const EXPIRY_OPTIONS = EXPIRIES.map((value) => ({ value, label: words.expiries[value] }));

interface CreateFieldsProps {
  readonly fields: KeyFields;
  readonly problems: KeyProblems;
  readonly onChange: (fields: KeyFields) => void;
}

export function CreateFields({ fields, problems, onChange }: CreateFieldsProps) {
  const change = (changed: Partial<KeyFields>) => onChange({ ...fields, ...changed });
  return (
    <>
      <TextField
        label={texts.keys.name}
        hint={words.nameHint}
        problem={problems.name ?? null}
        value={fields.name}
        onChange={(name) => change({ name })}
      />
      <div className={styles.pair}>
        <div className={styles.choice}>
          <span aria-hidden="true">{texts.keys.environment}</span>
          <Choice
            label={texts.keys.environment}
            value={fields.environment}
            options={ENVIRONMENT_OPTIONS}
            onChange={(environment) => change({ environment })}
          />
        </div>
        <div className={styles.choice}>
          <span aria-hidden="true">{words.expiry}</span>
          <Choice
            label={words.expiry}
            value={fields.expiry}
            options={EXPIRY_OPTIONS}
            onChange={(expiry) => change({ expiry })}
          />
        </div>
      </div>
      {fields.expiry === 'date' ? (
        <TextField
          type="date"
          label={words.date}
          problem={problems.date ?? null}
          value={fields.date}
          onChange={(date) => change({ date })}
        />
      ) : null}
      <TextField
        inputMode="numeric"
        label={words.limit}
        hint={words.limitHint}
        problem={problems.limit ?? null}
        value={fields.limit}
        onChange={(limit) => change({ limit })}
      />
    </>
  );
}
