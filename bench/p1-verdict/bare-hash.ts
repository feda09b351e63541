// The least that anybody can do who keeps hashes of keys: SHA-256 of the same 42 bytes.
import { hash } from 'node:crypto';
import { serveRounds } from '../rounds.ts';
import { benchKeys, nanoseconds, Wire } from './keys.ts';

const REQUESTS = 100_000;

const wire = new Wire(benchKeys(Number(process.argv[2])), REQUESTS);
let characters = 0;

serveRounds(() =>
  nanoseconds(REQUESTS, (request) => {
    characters += hash('sha256', wire.key(request)).length;
  }),
);
process.on('exit', () => {
  if (characters === 0) throw new Error('nothing was hashed');
});
