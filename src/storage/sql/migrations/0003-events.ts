import type { Migration } from '../migrations.ts';

/** Render events with their counter, and how far the journals of usage have been written. */
export const events: Migration = {
  version: 3,
  name: 'events',
  statements: ({ types: { text, integer }, tableOptions, clusteredTableOptions }) => [
    // A number is given out by the counter in `event_log`, so that none comes twice, also when the newest events were removed.
    `create table render_events (
      seq ${integer} primary key,
      at ${integer} not null,
      profile_id ${text} not null,
      key_id ${text} not null references keys (id),
      key_name ${text} not null,
      start ${text} not null,
      request_id ${text} not null,
      method ${text} not null,
      path ${text} not null,
      status ${integer} not null,
      verdict ${text} not null,
      duration_us ${integer} not null,
      blocks ${integer},
      bytes_in ${integer} not null,
      bytes_out ${integer} not null,
      ip ${text} not null,
      agent ${text} not null,
      count ${integer} not null check (count > 0),
      is_interrupted ${integer} not null check (is_interrupted in (0, 1))
    ) ${tableOptions}`,
    'create index events_of_profile on render_events (profile_id, seq)',
    'create index events_of_key on render_events (key_id, seq)',
    `create table event_log (
      id ${integer} primary key check (id = 1),
      seq ${integer} not null,
      pruned_seq ${integer} not null,
      kept ${integer} not null check (kept >= 0)
    ) ${tableOptions}`,
    'insert into event_log (id, seq, pruned_seq, kept) values (1, 0, 0, 0)',
    `create table usage_journals (
      epoch ${text} primary key,
      position ${integer} not null
    ) ${clusteredTableOptions}`,
  ],
};
