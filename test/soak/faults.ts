import { kill } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { LEASE_MS } from '../../src/gateway/lease.ts';
import type { Cluster, Gateway } from './cluster.ts';
import type { Dice } from './dice.ts';

/** Something that goes wrong with one gateway. Resolves when it is well again, apart from what it makes of it. */
export type GatewayFault = (gateway: Gateway, dice: Dice) => Promise<void>;

/** Something that goes wrong with what all gateways share. */
export type SharedFault = (cluster: Cluster, dice: Dice) => Promise<void>;

const START_TRIES = 20;

export const GATEWAY_FAULTS = {
  'process paused': async ({ process }, dice) => {
    process.pause();
    await setTimeout(dice.span(LEASE_MS / 10, 10 * LEASE_MS));
    process.resume();
  },
  'process killed': async ({ process }, dice) => {
    await process.end('SIGKILL');
    await setTimeout(dice.span(1, LEASE_MS));
    await startAgain(process);
  },
  'process stopped and started': async ({ process }) => {
    await process.end('SIGTERM');
    await startAgain(process);
  },
  'database silent': async ({ toDatabase }, dice) => {
    toDatabase.blackhole();
    await setTimeout(dice.span(LEASE_MS / 4, 6 * LEASE_MS));
    toDatabase.pass();
  },
  'database silent, then reset': async ({ toDatabase }, dice) => {
    toDatabase.blackhole();
    await setTimeout(dice.span(LEASE_MS / 4, 6 * LEASE_MS));
    toDatabase.reset();
    toDatabase.pass();
  },
  'database connections reset': async ({ toDatabase }) => toDatabase.reset(),
  'database connections refused': async ({ toDatabase }, dice) => {
    toDatabase.refuse();
    await setTimeout(dice.span(LEASE_MS / 4, 3 * LEASE_MS));
    toDatabase.pass();
  },
  'database connections cut within an answer': async ({ toDatabase }, dice) => {
    toDatabase.cutAfter(dice.below(20_000));
    await setTimeout(500);
    toDatabase.pass();
  },
  'database slow to answer': async ({ toDatabase }, dice) => {
    toDatabase.delay(dice.span(20, LEASE_MS));
    await setTimeout(dice.span(LEASE_MS / 2, 3 * LEASE_MS));
    toDatabase.pass();
  },
  'database on a thin line': async ({ toDatabase }, dice) => {
    toDatabase.throttle(dice.span(5_000, 500_000));
    await setTimeout(dice.span(LEASE_MS / 2, 2 * LEASE_MS));
    toDatabase.pass();
  },
} as const satisfies Record<string, GatewayFault>;

export const REDIS_GATEWAY_FAULTS = {
  'Redis silent': async ({ toRedis }, dice) => {
    toRedis?.blackhole();
    await setTimeout(dice.span(LEASE_MS / 4, 3 * LEASE_MS));
    toRedis?.pass();
  },
} as const satisfies Record<string, GatewayFault>;

export const SHARED_FAULTS = {
  'database backends terminated': async ({ database }, dice) => {
    const backends = await database.backends();
    await database.terminate(backends.filter(() => dice.isOneIn(3)));
  },
  // Short, since it may hold what all databases of the server need.
  'database backend paused': async ({ database }, dice) => {
    const backend = dice.pick(await database.backends());
    if (backend === undefined) return;
    signalBackend(backend, 'SIGSTOP');
    await setTimeout(dice.span(LEASE_MS / 10, 2 * LEASE_MS));
    signalBackend(backend, 'SIGCONT');
  },
} as const satisfies Record<string, SharedFault>;

export const REDIS_SHARED_FAULTS = {
  'Redis killed': async ({ redis }, dice) => {
    await redis?.kill();
    await setTimeout(dice.span(1, LEASE_MS));
    await redis?.start();
  },
  'Redis emptied': async ({ redis }) => redis?.flush(),
} as const satisfies Record<string, SharedFault>;

/** It may not come up while something else is broken: then it is started again, as by whoever supervises it. */
async function startAgain(process: Gateway['process']): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await process.start();
    } catch (error) {
      if (tries === START_TRIES) throw error;
      await setTimeout(500);
    }
  }
}

function signalBackend(pid: number, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
