import type { RenderEvent, StoredEvent } from '../../core/render-event.ts';
import type { QueryBuilder, SqlDialect } from './dialect.ts';
import { type ColumnKinds, rowsTemplate } from './rows-template.ts';
import type { RenderEventsTable } from './schema.ts';

const COLUMNS: ColumnKinds<RenderEventsTable> = {
  seq: 'integer',
  at: 'integer',
  profile_id: 'text',
  key_id: 'text',
  key_name: 'text',
  start: 'text',
  request_id: 'text',
  method: 'text',
  path: 'text',
  status: 'integer',
  verdict: 'text',
  duration_us: 'integer',
  blocks: 'integer',
  bytes_in: 'integer',
  bytes_out: 'integer',
  ip: 'text',
  agent: 'text',
  count: 'integer',
  is_interrupted: 'integer',
};

export function eventRow(event: RenderEvent, seq: number): RenderEventsTable {
  return {
    seq,
    at: event.at,
    profile_id: event.profileId,
    key_id: event.keyId,
    key_name: event.keyName,
    start: event.start,
    request_id: event.requestId,
    method: event.method,
    path: event.path,
    status: event.status,
    verdict: event.verdict,
    duration_us: event.durationUs,
    blocks: event.blocks,
    bytes_in: event.bytesIn,
    bytes_out: event.bytesOut,
    ip: event.ip,
    agent: event.agent,
    count: event.count,
    is_interrupted: event.isInterrupted ? 1 : 0,
  };
}

export function eventFromRow(row: RenderEventsTable): StoredEvent {
  return {
    seq: row.seq,
    at: row.at,
    profileId: row.profile_id,
    keyId: row.key_id,
    keyName: row.key_name,
    start: row.start,
    requestId: row.request_id,
    method: row.method,
    path: row.path,
    status: row.status,
    verdict: row.verdict,
    durationUs: row.duration_us,
    blocks: row.blocks,
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    ip: row.ip,
    agent: row.agent,
    count: row.count,
    isInterrupted: row.is_interrupted === 1,
  };
}

export function insertEventsTemplate(db: QueryBuilder, dialect: SqlDialect) {
  return rowsTemplate(dialect, COLUMNS, ({ columns, inserted }) =>
    db.insertInto('render_events').columns(columns).expression(inserted),
  );
}
