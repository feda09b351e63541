// prefixed-api-key as its documentation shows it: parts of the key, and the hash of its long token compared with a stored one.
import { importPeer } from '../peers.ts';
import { serveRounds } from '../rounds.ts';

interface PrefixedApiKey {
  generateAPIKey(options: object): Promise<{ shortToken: string; longTokenHash: string; token: string }>;
  extractShortToken(token: string): string;
  checkAPIKey(token: string, longTokenHash: string): boolean;
}

const VERIFICATIONS = 20_000;
const KEYS = 2_000;

const peer = await importPeer<PrefixedApiKey>('prefixed-api-key');
const stored = new Map<string, string>();
const tokens: string[] = [];
for (let number = 0; number < KEYS; number++) {
  const { shortToken, longTokenHash, token } = await peer.generateAPIKey({ keyPrefix: 'bench' });
  stored.set(shortToken, longTokenHash);
  tokens.push(token);
}

serveRounds(() => {
  const startedAt = process.hrtime.bigint();
  for (let number = 0; number < VERIFICATIONS; number++) {
    const token = tokens[(number * 7) % KEYS] as string;
    if (!peer.checkAPIKey(token, stored.get(peer.extractShortToken(token)) ?? ''))
      throw new Error('a good key was refused');
  }
  return Number(process.hrtime.bigint() - startedAt) / VERIFICATIONS;
});
