// What stands between the header of a request and its verdict: parse, checksum, SHA-256, look-up, state, limit, and the count of the limit.
import { hashSecret } from '../../src/core/secret-hash.ts';
import { createAuthenticate } from '../../src/gateway/authenticate.ts';
import { presentedKey } from '../../src/gateway/credential.ts';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import { localLimits } from '../../src/gateway/rate-limit.ts';
import { aKey, aProfile, aSecret } from '../../test/key-builder.ts';
import { benchKeys, serveRequests } from './keys.ts';

const keys = benchKeys(Number(process.argv[2]));
const view = new EmbeddedKeyView();
view.applyProfile(aProfile());
for (const [number, key] of keys.entries()) {
  const secrets = [aSecret({ hash: hashSecret(key) })];
  view.apply(aKey({ id: `key_${number}`, rateLimitPerMinute: 1_000_000, secrets }));
}
const authenticate = createAuthenticate({
  view,
  limits: localLimits,
  clock: { now: () => Date.now() },
  monotonicNow: () => performance.now(),
});

serveRequests(keys, (key) => {
  const presented = presentedKey(['host', 'api.example.com', 'x-outkit-api-key', key]);
  if (presented.kind === 'ambiguous') throw new Error('one key was sent');
  const admission = authenticate(presented, '203.0.113.7');
  if (admission instanceof Promise || admission.verdict.kind !== 'accepted') throw new Error('a good key was refused');
});
