import type { Migration } from '../migrations.ts';

/** In the order of `event-values.ts`, but for the last. */
const VALUES = `at, profile_id, key_id, key_name, start, request_id, method, path, status, verdict, duration_us, blocks, bytes_in,
  bytes_out, ip, agent, count`;
const NUMBERED = `select *, seq - row_number() over (order by seq) as island from render_events`;

/** Events by the hundred in one row: a row of its own for each was most of what it cost to record an answer. */
export const eventSegments: Migration = {
  version: 8,
  name: 'event-segments',
  statements: ({ types: { text, integer }, tableOptions, clusteredTableOptions, jsonArrays }) => [
    `create table event_segments (
      last_seq ${integer} primary key,
      first_seq ${integer} not null,
      events ${text} not null
    ) ${tableOptions}`,
    `create table segment_keys (
      key_id ${text} not null references keys (id),
      last_seq ${integer} not null,
      primary key (key_id, last_seq)
    ) ${clusteredTableOptions}`,
    `create table segment_profiles (
      profile_id ${text} not null,
      last_seq ${integer} not null,
      primary key (profile_id, last_seq)
    ) ${clusteredTableOptions}`,
    `insert into event_segments (last_seq, first_seq, events)
      select max(seq), min(seq), ${jsonArrays(VALUES, 'is_interrupted = 1', 'seq')} from (${NUMBERED}) as numbered group by island, seq / 256`,
    `insert into segment_keys (key_id, last_seq)
      select distinct key_id, (select min(last_seq) from event_segments where last_seq >= seq) from render_events`,
    `insert into segment_profiles (profile_id, last_seq)
      select distinct profile_id, (select min(last_seq) from event_segments where last_seq >= seq) from render_events`,
    'drop table render_events',
  ],
};
