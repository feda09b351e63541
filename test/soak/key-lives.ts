import { setTimeout } from 'node:timers/promises';
import { controlApi } from '../../src/client/control-api.ts';
import { httpKeyService } from '../../src/client/http-key-service.ts';
import type { Dice } from './dice.ts';
import type { History } from './history.ts';
import { KeyLife, type KeysOfGateway, type LifeTally } from './key-life.ts';
import type { Load } from './load.ts';

export interface KeyLivesOptions {
  readonly gateways: readonly { readonly name: string; readonly port: number }[];
  /** Of the session of an owner. */
  readonly credential: string;
  readonly profileId: string;
  readonly history: History;
  readonly load: Load;
  readonly dice: Dice;
  /** So many keys live at once. */
  readonly keysAtOnce: number;
}

const CHANGE_WITHIN_MS = 12_000;

/** Keys that live one after another, many at once, until a time; the last ones are lived to their ends. */
export async function liveKeys(options: KeyLivesOptions, untilMs: number): Promise<LifeTally> {
  const { credential, dice, keysAtOnce, ...ports } = options;
  const tally: LifeTally = { refused: {}, waitedOut: 0 };
  const gateways = options.gateways.map(({ name, port }): KeysOfGateway => {
    const url = `http://127.0.0.1:${port}`;
    return { name, keys: httpKeyService(controlApi({ url, token: credential, timeoutMs: CHANGE_WITHIN_MS })) };
  });
  const afterlives: Promise<void>[] = [];
  let lives = 0;
  const liveOn = async (own: Dice) => {
    // Not all of them at the same moment.
    await setTimeout(own.below(1_000));
    while (performance.now() < untilMs) {
      lives += 1;
      const life = new KeyLife({ ...ports, gateways, tally, dice: own }, lives);
      await life.live();
      afterlives.push(life.afterlife());
    }
  };
  await Promise.all(Array.from({ length: keysAtOnce }, () => liveOn(dice.fork())));
  await Promise.all(afterlives);
  return tally;
}
