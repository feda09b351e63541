import type { Migration } from '../migrations.ts';

/** When a profile was archived. */
export const archivedProfiles: Migration = {
  version: 2,
  name: 'archived-profiles',
  statements: ({ types: { integer } }) => [`alter table profiles add column archived_at ${integer}`],
};
