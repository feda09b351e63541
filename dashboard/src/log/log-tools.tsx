import { useQuery } from '@tanstack/react-query';
import { Choice } from '../controls/choice.tsx';
import { keysQuery } from '../server/queries.ts';
import { logTexts } from '../texts/log.ts';
import styles from './log.module.css';
import { type LogFilter, RENDER_PATHS, STATUS_NAMES } from './use-log-choice.ts';

const words = logTexts;
const ANY = 'any';
const STATUS_OPTIONS = [
  { value: ANY, label: words.anyStatus },
  ...STATUS_NAMES.map((value) => ({ value, label: words.statuses[value] })),
] as const;
const PATH_OPTIONS = [
  { value: ANY, label: words.anyPath },
  ...RENDER_PATHS.map((value) => ({ value, label: value })),
] as const;

interface LogToolsProps {
  readonly profileId: string;
  readonly filter: LogFilter;
  readonly onChange: (change: Partial<LogFilter>) => void;
}

/** Filters, which the server applies: what does not fit is never sent. */
export function LogTools({ profileId, filter, onChange }: LogToolsProps) {
  const keys = useQuery(keysQuery(profileId)).data?.data ?? [];
  const known = keys.map(({ id, name, start }) => ({ value: id, label: `${name} · ${start}` }));
  const { keyId } = filter;
  // The key of an address that was passed on may be one of another profile.
  const named = keyId === null || known.some(({ value }) => value === keyId) ? [] : [{ value: keyId, label: keyId }];
  return (
    <search className={styles.tools}>
      <Choice
        label={words.keyFilter}
        value={keyId ?? ANY}
        options={[{ value: ANY, label: words.anyKey }, ...named, ...known]}
        onChange={(value) => onChange({ keyId: value === ANY ? null : value })}
      />
      <Choice
        label={words.statusFilter}
        value={filter.status ?? ANY}
        options={STATUS_OPTIONS}
        onChange={(value) => onChange({ status: value === ANY ? null : value })}
      />
      <Choice
        label={words.pathFilter}
        value={filter.path ?? ANY}
        options={PATH_OPTIONS}
        onChange={(value) => onChange({ path: value === ANY ? null : value })}
      />
      <label className={styles.whole}>
        <input
          type="checkbox"
          checked={filter.allProfiles}
          onChange={(event) => onChange({ allProfiles: event.currentTarget.checked })}
        />
        {words.allProfiles}
      </label>
    </search>
  );
}
