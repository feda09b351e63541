import type { Migration } from '../migrations.ts';

/** How long the last changes took to be in force at every gateway. For people who look at it: nothing is decided by it. */
export const barriers: Migration = {
  version: 6,
  name: 'barriers',
  statements: ({ types: { text, integer }, tableOptions }) => [
    `create table barriers (
      epoch ${text} not null,
      number ${integer} not null,
      label ${text} not null,
      at ${integer} not null,
      ms ${integer} not null,
      confirmed ${integer} not null,
      waited_out ${integer} not null,
      primary key (epoch, number)
    ) ${tableOptions}`,
    'create index barriers_by_time on barriers (at)',
  ],
};
