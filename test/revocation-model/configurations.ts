import type { Configuration } from './configuration.ts';

/** Several small worlds instead of one huge one: each has what a kind of hole needs, and nothing else. */
export const CONFIGURATIONS = {
  reads: {
    name: 'late answers, evictions',
    changes: ['touch', 'revoke'],
    gateways: [true],
    reads: 2,
    eviction: true,
  },
  unknown: {
    name: 'a create, then a revoke',
    changes: ['create', 'revoke'],
    gateways: [true],
    reads: 2,
    eviction: true,
  },
  log: {
    name: 'a log that is pruned and paged',
    changes: ['other', 'touch', 'revoke'],
    gateways: [true],
    reads: 1,
    eviction: true,
    pruning: true,
    pages: true,
  },
  pruned: {
    name: 'a log that is pruned, and late answers',
    changes: ['other', 'revoke'],
    gateways: [true],
    reads: 2,
    pruning: true,
  },
  clocks: {
    name: 'slewed clocks, suspended machines',
    changes: ['touch', 'revoke'],
    gateways: [true],
    reads: 1,
    slewing: true,
    suspends: true,
  },
  commits: {
    name: 'slow commits, a repeated revoke',
    changes: ['revoke', 'other'],
    gateways: [true],
    reads: 1,
    eviction: true,
    slowCommits: true,
    repeatedRevoke: true,
  },
  membership: {
    name: 'a second process under the same label',
    changes: ['revoke'],
    gateways: [true, false],
    reads: 1,
    membership: true,
    requestsAtFirstOnly: true,
    instantSnapshots: true,
  },
  registration: {
    name: 'a process that starts while a revoke is on its way',
    changes: ['revoke'],
    gateways: [false],
    reads: 1,
    membership: true,
    drains: true,
    slowCommits: true,
  },
  two: {
    name: 'two gateways',
    changes: ['revoke'],
    gateways: [true, true],
    reads: 1,
    instantSnapshots: true,
  },
  streams: {
    name: 'open streams',
    changes: ['touch', 'revoke'],
    gateways: [true],
    reads: 1,
    eviction: true,
    pruning: true,
    streams: true,
  },
  prompt: {
    name: 'gateways that nothing keeps from their work, until they crash',
    changes: ['create', 'revoke'],
    gateways: [true, true],
    reads: 0,
    crashes: true,
    prompt: true,
  },
} as const satisfies Record<string, Configuration>;

export type ConfigurationName = keyof typeof CONFIGURATIONS;

/** How many states each has: a search that finds another number was not the search that the figures are about. */
export const STATES: Readonly<Record<ConfigurationName, number>> = {
  reads: 64_912,
  unknown: 225_243,
  log: 247_481,
  pruned: 136_926,
  clocks: 22_548,
  commits: 224_375,
  membership: 162_198,
  registration: 77_233,
  two: 218_188,
  streams: 109_981,
  prompt: 1_696,
};
