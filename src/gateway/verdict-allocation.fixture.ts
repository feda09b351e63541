// Bytes of the heap that one verdict takes, by its kind, as JSON: what is left behind for the collector, which this process never starts by itself.
import { aKey, aProfile, aSecret, NOON } from '../../test/key-builder.ts';
import { localAuthenticate } from '../../test/local-authenticate.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { mintSecret } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import { EmbeddedKeyView } from './embedded-key-view.ts';

const KEYS = 1_000;
const WARM_UP = 100_000;
const VERDICTS = 20_000;

const fillRandom = seededRandom(1);
const newKeys = () => Array.from({ length: KEYS }, () => mintSecret('production', fillRandom));
const known = newKeys();
const view = new EmbeddedKeyView();
view.applyProfile(aProfile());
for (const [number, plaintext] of known.entries()) {
  const secrets = [aSecret({ hash: hashSecret(plaintext) })];
  view.apply(aKey({ id: `key_${number}`, rateLimitPerMinute: 1_000_000, secrets }));
}
const authenticate = localAuthenticate(view, { now: () => NOON });

function bytesOf(kind: string, texts: readonly string[]): number {
  const judge = (count: number) => {
    for (let number = 0; number < count; number++) {
      const { verdict } = authenticate({ kind: 'presented', text: texts[number % KEYS] ?? '' });
      if (verdict.kind !== kind) throw new Error(`judged ${verdict.kind}`);
    }
  };
  judge(WARM_UP);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  judge(VERDICTS);
  return (process.memoryUsage().heapUsed - before) / VERDICTS;
}

process.stdout.write(
  JSON.stringify({
    accepted: bytesOf('accepted', known),
    unknown: bytesOf('unknown', newKeys()),
    malformed: bytesOf(
      'malformed',
      known.map((plaintext) => `${plaintext.slice(1)}-`),
    ),
  }),
);
