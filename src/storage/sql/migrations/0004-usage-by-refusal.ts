import type { Migration } from '../migrations.ts';

/** Refusals apart by their reason, how long answers took, and an index that finds the hours that are to be added up to days. */
export const usageByRefusal: Migration = {
  version: 4,
  name: 'usage-by-refusal',
  statements: ({ types: { text, integer } }) => [
    ...['revoked', 'superseded', 'expired', 'archived'].map(
      (refusal) => `alter table usage add column ${refusal} ${integer} not null default 0 check (${refusal} >= 0)`,
    ),
    // Nobody kept the reasons of before: what became of the key since is the likeliest.
    `update usage set revoked = refused where key_id in (select id from keys where revoked_at is not null)`,
    `update usage set expired = refused where revoked = 0
      and key_id in (select id from keys where expires_at <= (select at from change_clock))`,
    `update usage set archived = refused where revoked + expired = 0 and key_id in
      (select keys.id from keys join profiles on profiles.id = keys.profile_id where archived_at is not null)`,
    'update usage set superseded = refused - revoked - expired - archived',
    'alter table usage drop column refused',
    `alter table usage add column durations ${text} not null default '[]'`,
    // Whole days stay for ever, and are found by their key alone.
    'create index usage_hours on usage (hour) where hour % 86400000 <> 0',
  ],
};
