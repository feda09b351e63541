import type { Migration } from '../migrations.ts';

/** Server processes that admit requests. A row is of one start of a process, and is never used again. */
export const gateways: Migration = {
  version: 5,
  name: 'gateways',
  statements: ({ types: { text, integer }, tableOptions }) => [
    `create table gateways (
      epoch ${text} primary key,
      label ${text} not null,
      version ${text} not null,
      started_at ${integer} not null,
      seen_at ${integer} not null,
      applied_seq ${integer} not null,
      retired_at ${integer},
      is_drained ${integer} not null check (is_drained in (0, 1)),
      is_settled ${integer} not null check (is_settled in (0, 1))
    ) ${tableOptions}`,
    // Those that a change has to wait for: of all that ever were, few.
    'create index standing_gateways on gateways (started_at, epoch) where is_settled = 0',
    'create index retired_gateways on gateways (retired_at) where retired_at is not null',
  ],
};
