import type { Migration } from '../migrations.ts';

/** Whoever changes something need not tell the other servers: the commit does, and so does a gateway that has recorded how far it is. */
export const hints: Migration = {
  version: 7,
  name: 'hints',
  statements: ({ hintsOf }) => [
    ...hintsOf('changes', 'after insert on changes for each statement'),
    ...hintsOf(
      'applied',
      'after update of applied_seq on gateways for each row when (old.applied_seq <> new.applied_seq)',
    ),
  ],
};
