import { useEffect, useRef } from 'react';
import { ENVIRONMENTS } from '../../../src/core/environment.ts';
import { KEY_STATUSES } from '../../../src/core/key.ts';
import { Choice } from '../controls/choice.tsx';
import controls from '../controls/controls.module.css';
import { Icon } from '../controls/icon.tsx';
import { texts } from '../texts.ts';
import styles from './keys.module.css';
import type { KeyView } from './use-key-view.ts';

const ANY = 'any';
const ENVIRONMENT_OPTIONS = [
  { value: ANY, label: texts.keys.anyEnvironment },
  ...ENVIRONMENTS.map((value) => ({ value, label: texts.environment[value] })),
] as const;
const STATUS_OPTIONS = [
  { value: ANY, label: texts.keys.anyStatus },
  ...KEY_STATUSES.map((value) => ({ value, label: texts.status[value] })),
] as const;

interface KeyToolsProps {
  readonly view: KeyView;
  readonly shown: number;
  readonly all: number;
}

/** Search and filters over the table. */
export function KeyTools({ view, shown, all }: KeyToolsProps) {
  const { filter, change } = view;
  return (
    <search className={styles.tools}>
      <SearchBox value={filter.search} onChange={(search) => change({ search })} />
      <Choice
        label={texts.keys.environmentFilter}
        value={filter.environment ?? ANY}
        options={ENVIRONMENT_OPTIONS}
        onChange={(value) => change({ environment: value === ANY ? null : value })}
      />
      <Choice
        label={texts.keys.statusFilter}
        value={filter.status ?? ANY}
        options={STATUS_OPTIONS}
        onChange={(value) => change({ status: value === ANY ? null : value })}
      />
      <label className={styles.ended}>
        <input
          type="checkbox"
          checked={filter.showEnded}
          onChange={(event) => change({ showEnded: event.currentTarget.checked })}
        />
        {texts.keys.showEnded}
      </label>
      <span className={styles.count} role="status">
        {texts.keys.shown(shown, all)}
      </span>
    </search>
  );
}

function SearchBox({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <div className={styles.searchBox}>
      <Icon name="search" className={styles.searchIcon} />
      <input
        ref={input}
        type="search"
        className={`${controls.input} ${styles.search}`}
        aria-label={texts.keys.search}
        placeholder={texts.keys.searchHint}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onChange('')}
      />
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null
  );
}
