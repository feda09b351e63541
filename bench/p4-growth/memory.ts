// What each key costs the memory of a gateway that knows all of them, by its own heap and buffers.
import { randomBytes } from 'node:crypto';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import { aKey, aProfile, aSecret } from '../../test/key-builder.ts';
import { serveRounds } from '../rounds.ts';

const count = Number(process.argv[2]);

function used(): number {
  // Twice: what the first one finds unused of buffers is given back behind it.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

serveRounds(() => {
  const before = used();
  const view = new EmbeddedKeyView();
  view.applyProfile(aProfile());
  for (let number = 0; number < count; number++) {
    // Strings of their own, as rows of a database have.
    const random = randomBytes(32).toString('hex');
    const secrets = [aSecret({ hash: random, start: `okp_${random.slice(0, 4)}` })];
    view.apply(aKey({ id: `key_${random.slice(0, 16)}`, name: `key ${number}`, secrets }));
  }
  const bytes = (used() - before) / count;
  if (view.find('') !== null) throw new Error('nobody has that');
  return bytes;
});
