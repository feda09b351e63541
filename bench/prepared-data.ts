import { createAccounts } from '../src/accounts/create-accounts.ts';
import type { AuditAuthor } from '../src/core/audit.ts';
import type { Member } from '../src/core/membership.ts';
import { type PlaintextSecret, startOf } from '../src/core/secret.ts';
import { hashSecret } from '../src/core/secret-hash.ts';
import { openStore } from '../src/storage/open-store.ts';
import { aKey, aProfile, aSecret } from '../test/key-builder.ts';
import { mintedKey } from '../test/minted-key.ts';

const ORIGIN = { ip: '127.0.0.1', agent: 'bench' };
/** No bench reaches it. */
const LIMIT_PER_MINUTE = 1_000_000_000;
const TEAM = aProfile().teamId;

const clock = { now: () => Date.now() };
const author: AuditAuthor = { actor: 'bench', session: null, client: null, ip: null, at: clock.now() };

export interface Prepared {
  /** Of a session of each person. */
  readonly credentials: readonly string[];
  readonly keys: readonly PlaintextSecret[];
}

/** Makes a data directory with one team and profile, its people, all of them owners, and keys. */
export async function prepareData(
  directory: string,
  secret: string,
  { people, keys }: { readonly people: number; readonly keys: number },
): Promise<Prepared> {
  const store = await openStore(directory);
  try {
    const { members, credentials } = await signedIn(store, secret, people);
    const [first, ...others] = members;
    if (first === undefined) throw new Error('a team needs an owner');
    await store.foundTeam({ id: TEAM, name: 'Bench', createdAt: clock.now() }, first, author);
    await store.changePeople(TEAM, author, (team) => ({
      people: { ...team, members: [...team.members, ...others] },
      result: null,
    }));
    await store.insertProfile(aProfile(), author);
    const plaintexts = Array.from({ length: keys }, () => mintedKey(fillRandom).plaintext);
    for (const [number, plaintext] of plaintexts.entries()) {
      const secrets = [aSecret({ hash: hashSecret(plaintext), start: startOf(plaintext) })];
      const id = `key_${String(number).replaceAll('0', 'a').replaceAll('1', 'b').padStart(16, 'k')}`;
      await store.insertKey(aKey({ id, rateLimitPerMinute: LIMIT_PER_MINUTE, secrets }), author);
    }
    return { credentials, keys: plaintexts };
  } finally {
    await store.close();
  }
}

async function signedIn(store: Awaited<ReturnType<typeof openStore>>, secret: string, people: number) {
  const database = store.accountsDatabase;
  const onProblem = (what: string, error: unknown) => console.error(what, error);
  const accounts = await createAccounts({
    database,
    secret,
    baseUrl: 'http://127.0.0.1',
    clock,
    fillRandom,
    onProblem,
  });
  const members: Member[] = [];
  const credentials: string[] = [];
  for (let number = 0; number < people; number++) {
    const person = await accounts.createPerson({ email: `p${number}@example.com`, name: 'P', password: null });
    if (person === null) throw new Error('the address is taken');
    members.push({ teamId: TEAM, personId: person.id, role: 'owner', since: clock.now() });
    credentials.push((await accounts.startSession(person.id, ORIGIN)).credential);
  }
  return { members, credentials };
}

function fillRandom(bytes: Uint8Array): Uint8Array {
  return crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}
