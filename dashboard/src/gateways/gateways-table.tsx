import type { GatewaySummary } from '../../../src/core/gateway-service.ts';
import { Badge } from '../controls/badge.tsx';
import { Button } from '../controls/button.tsx';
import table from '../controls/table.module.css';
import { gatewaysTexts as words } from '../texts/gateways.ts';
import { fullTime, relativeTime } from '../times.ts';

const TONES = { serving: 'good', silent: 'warn', retired: 'neutral', drained: 'neutral' } as const;
/** So much of an id tells gateways apart. */
const SHOWN_ID_LENGTH = 8;

interface GatewaysTableProps {
  readonly gateways: readonly GatewaySummary[];
  /** `null` for whoever may not. */
  readonly onEvict: ((gateway: GatewaySummary) => void) | null;
}

export function GatewaysTable({ gateways, onEvict }: GatewaysTableProps) {
  // By the clock of the database, which the one that was heard of last has just read: that of this machine may be another.
  const now = Math.max(...gateways.map(({ seenAt }) => seenAt));
  return (
    <div className={table.sheet}>
      <table className={table.table}>
        <caption className="visually-hidden">{words.table}</caption>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col" className={table.wide}>
              {words.version}
            </th>
            <th scope="col">{words.state}</th>
            <th scope="col" className={table.wide}>
              {words.lease}
            </th>
            <th scope="col">{words.position}</th>
            <th scope="col" className={table.wide}>
              {words.since}
            </th>
            {onEvict === null ? null : <td />}
          </tr>
        </thead>
        <tbody>
          {gateways.map((gateway) => (
            <GatewayRow key={gateway.id} gateway={gateway} now={now} onEvict={onEvict} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface GatewayRowProps extends Pick<GatewaysTableProps, 'onEvict'> {
  readonly gateway: GatewaySummary;
  readonly now: number;
}

function GatewayRow({ gateway, now, onEvict }: GatewayRowProps) {
  const { id, name, version, state, seenAt, appliedSeq, behind, startedAt } = gateway;
  const mayGo = state === 'serving' || state === 'silent';
  return (
    <tr>
      <td>
        <span className={`${table.name} ${table.nowrap}`}>{name}</span>
        <code className={table.below} title={id}>
          {id.slice(0, SHOWN_ID_LENGTH)}
        </code>
      </td>
      <td className={table.wide}>{version}</td>
      <td>
        <Badge tone={TONES[state]}>{words.states[state]}</Badge>
        <span className={table.narrow}>{relativeTime(seenAt, now)}</span>
      </td>
      <td className={`${table.wide} ${table.nowrap}`}>
        <time dateTime={new Date(seenAt).toISOString()} title={fullTime(seenAt)}>
          {relativeTime(seenAt, now)}
        </time>
      </td>
      <td className={table.words}>
        {appliedSeq === null ? words.none : words.at(appliedSeq)}
        {behind === null ? null : <span className={table.below}>{words.behind(behind)}</span>}
      </td>
      <td className={`${table.wide} ${table.nowrap}`}>{fullTime(startedAt)}</td>
      {onEvict === null ? null : (
        <td className={table.end}>
          {mayGo ? (
            <Button aria-label={words.evictOf(name)} onClick={() => onEvict(gateway)}>
              {words.evict}
            </Button>
          ) : null}
        </td>
      )}
    </tr>
  );
}
