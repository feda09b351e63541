import { useState } from 'react';
import { type DesignTokens, MAX_DESIGN_TOKENS } from '../../../src/core/profile.ts';
import { Button } from '../controls/button.tsx';
import controls from '../controls/controls.module.css';
import { Icon } from '../controls/icon.tsx';
import { TextField } from '../controls/text-field.tsx';
import { profilesTexts } from '../texts/profiles.ts';
import { isColour, nameProblem, valueProblem } from './design-draft.ts';
import styles from './profiles.module.css';

const words = profilesTexts.form;

interface TokenFieldsProps {
  readonly design: DesignTokens;
  readonly onChange: (design: DesignTokens) => void;
}

/** A line for each design token, and one to add another. Those that stay keep their place. */
export function TokenFields({ design, onChange }: TokenFieldsProps) {
  const set = (name: string, value: string) => onChange({ ...design, [name]: value });
  const remove = (name: string) => onChange(Object.fromEntries(Object.entries(design).filter(([one]) => one !== name)));
  return (
    <div className={controls.field}>
      <span className={controls.label}>{words.tokens}</span>
      <span className={controls.hint}>{words.tokensHint}</span>
      <ul className={styles.tokens}>
        {Object.entries(design).map(([name, value]) => (
          <TokenField
            key={name}
            name={name}
            value={value}
            onChange={(next) => set(name, next)}
            onRemove={() => remove(name)}
          />
        ))}
      </ul>
      {Object.keys(design).length < MAX_DESIGN_TOKENS ? (
        <NewToken names={Object.keys(design)} onAdd={(name) => set(name, '#000000')} />
      ) : null}
    </div>
  );
}

interface TokenFieldProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onRemove: () => void;
}

function TokenField({ name, value, onChange, onRemove }: TokenFieldProps) {
  const problem = valueProblem(value);
  return (
    <li className={styles.token}>
      <code>{name}</code>
      <span className={styles.tokenValue}>
        {isColour(value) ? (
          <input
            type="color"
            className={styles.colour}
            aria-label={words.colour(name)}
            value={value.toLowerCase()}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        ) : null}
        <input
          className={controls.input}
          aria-label={words.value(name)}
          aria-invalid={problem !== null}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button kind="quiet" aria-label={words.remove(name)} onClick={onRemove}>
          <Icon name="close" />
        </Button>
      </span>
      {problem === null ? null : <span className={controls.error}>{problem}</span>}
    </li>
  );
}

function NewToken({ names, onAdd }: { readonly names: readonly string[]; readonly onAdd: (name: string) => void }) {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = () => {
    const wrong = names.includes(name.trim()) ? words.there : nameProblem(name.trim());
    setProblem(wrong);
    if (wrong !== null) return;
    onAdd(name.trim());
    setName('');
  };
  return (
    <div className={styles.newToken}>
      <TextField
        label={words.newToken}
        hint={words.newTokenHint}
        spellCheck={false}
        problem={problem}
        value={name}
        onChange={setName}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          add();
        }}
      />
      <Button disabled={name.trim() === ''} onClick={add}>
        {words.add}
      </Button>
    </div>
  );
}
