import { type KeyboardEvent, useState } from 'react';
import type { KeyActivity, KeySummary } from '../../../src/core/key-service.ts';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { texts } from '../texts.ts';
import { useNow } from '../times.ts';
import type { Sort } from './key-list.ts';
import { KeyRow } from './key-row.tsx';
import styles from './keys.module.css';
import type { KeyView } from './use-key-view.ts';

interface KeysTableProps {
  readonly keys: readonly KeySummary[];
  readonly activityOf: ReadonlyMap<string, KeyActivity>;
  readonly view: KeyView;
  readonly profileName: string;
}

/** `null` is not sorted by. The class says below which width a column gives way. */
const COLUMNS: readonly {
  readonly name: string;
  readonly sort: Sort | null;
  readonly className?: string | undefined;
}[] = [
  { name: texts.keys.name, sort: 'name' },
  { name: texts.keys.secret, sort: null, className: styles.middle },
  { name: texts.keys.environment, sort: 'environment', className: styles.middle },
  { name: texts.keys.status, sort: 'status' },
  { name: texts.keys.lastUsed, sort: 'used', className: styles.middle },
  { name: texts.keys.activity, sort: 'activity', className: styles.wide },
];

const PAGE_ROWS = 100;

export function KeysTable({ keys, activityOf, view, profileName }: KeysTableProps) {
  const now = useNow();
  const [rows, setRows] = useState(PAGE_ROWS);
  const hidden = keys.length - rows;
  return (
    <div className={styles.sheet}>
      <table className={styles.table} onKeyDown={moveFocus}>
        <caption className="visually-hidden">{texts.keys.table(profileName)}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <ColumnHead key={column.name} {...column} view={view} />
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.slice(0, rows).map((key) => (
            <KeyRow key={key.id} summary={key} activity={activityOf.get(key.id) ?? null} now={now} />
          ))}
        </tbody>
      </table>
      {hidden <= 0 ? null : (
        <div className={styles.moreRow}>
          <Button kind="quiet" onClick={() => setRows(rows + PAGE_ROWS)}>
            {texts.keys.more(Math.min(hidden, PAGE_ROWS))}
          </Button>
        </div>
      )}
    </div>
  );
}

type ColumnHeadProps = (typeof COLUMNS)[number] & { readonly view: KeyView };

function ColumnHead({ name, sort, className, view: { order, sortBy } }: ColumnHeadProps) {
  if (sort === null) {
    return (
      <th scope="col" className={className}>
        <span className={styles.plain}>{name}</span>
      </th>
    );
  }
  const isSorted = order.by === sort;
  return (
    <th
      scope="col"
      className={[className, isSorted ? styles.sorted : ''].filter(Boolean).join(' ')}
      aria-sort={isSorted ? (order.isDescending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={styles.sort} onClick={() => sortBy(sort)}>
        {name}
        <Icon name={order.isDescending ? 'down' : 'up'} className={styles.arrow} />
      </button>
    </th>
  );
}

/** The arrow keys go from key to key, Home and End to the first and the last. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('tbody a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (at === -1) return;
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const target = links[targets[event.key] ?? -1];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}
