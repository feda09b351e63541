import type { RenderEvent, StoredEvent } from '../../core/render-event.ts';
import type { QueryBuilder } from './dialect.ts';
import type { RenderEventsTable } from './schema.ts';
import { statementTemplate } from './statement-template.ts';

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

export function insertEventTemplate(db: QueryBuilder) {
  return statementTemplate<RenderEventsTable>((slot) =>
    db.insertInto('render_events').values({
      seq: slot('seq'),
      at: slot('at'),
      profile_id: slot('profile_id'),
      key_id: slot('key_id'),
      key_name: slot('key_name'),
      start: slot('start'),
      request_id: slot('request_id'),
      method: slot('method'),
      path: slot('path'),
      status: slot('status'),
      verdict: slot('verdict'),
      duration_us: slot('duration_us'),
      blocks: slot('blocks'),
      bytes_in: slot('bytes_in'),
      bytes_out: slot('bytes_out'),
      ip: slot('ip'),
      agent: slot('agent'),
      count: slot('count'),
      is_interrupted: slot('is_interrupted'),
    }),
  );
}
