import { ENVIRONMENTS } from '../../../../src/core/environment.ts';
import { Choice } from '../../controls/choice.tsx';
import { TextField } from '../../controls/text-field.tsx';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { texts } from '../../texts.ts';
import type { KeyFields, KeyProblems } from './key-request.ts';
import { EXPIRIES } from './key-terms.ts';
import styles from './life.module.css';
import { ExpiryChoice, TermDetails } from './term-fields.tsx';

const words = keyLifeTexts.create;
const ENVIRONMENT_OPTIONS = ENVIRONMENTS.map((value) => ({ value, label: texts.environment[value] }));

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
        <ExpiryChoice value={fields.expiry} options={EXPIRIES} onChange={(expiry) => change({ expiry })} />
      </div>
      <TermDetails fields={fields} problems={problems} onChange={change} />
    </>
  );
}
