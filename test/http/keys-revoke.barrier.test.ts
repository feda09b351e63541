import { describe, expect, it } from 'vitest';
import type { AuditAuthor } from '../../src/core/audit.ts';
import type { Key } from '../../src/core/key.ts';
import type { CreateKey } from '../../src/core/key-service.ts';
import type { KeyStore } from '../../src/core/key-store.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import { UsageRecorder } from '../../src/gateway/usage-recorder.ts';
import { embeddedGateways } from '../../src/server/embedded-gateways.ts';
import { createCursors } from '../../src/services/cursor.ts';
import { keyServices } from '../../src/services/key-services.ts';
import { MemoryKeyStore } from '../../src/storage/memory/memory-key-store.ts';
import { AUTHOR } from '../contract/key-store/samples.ts';
import { aProfile, NOON } from '../key-builder.ts';
import { localAuthenticate } from '../local-authenticate.ts';
import { NO_JOURNAL } from '../no-journal.ts';
import { seededRandom } from '../seeded-random.ts';
import { headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, keyHeader, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

describe('revoke', () => {
  it('is in force for the next request of a connection that is open', async () => {
    const { id, plaintext } = await http.createKey();
    const connection = await RawConnection.open(http.server.url);
    connection.send(rawRequest({ headers: [keyHeader(plaintext)] }));
    expect((await connection.answer()).status).toBe(200);
    await http.server.keys.revoke(id, null);
    connection.send(rawRequest({ headers: [keyHeader(plaintext)] }));
    expect(codeOf(await connection.answer())).toBe('key_revoked');
    connection.close();
  });

  it('is in force for what was sent behind it on the same connection', async () => {
    const { id, plaintext } = await http.createKey();
    const connection = await RawConnection.open(http.server.url);
    const target = `/v1/keys/${id}/revoke`;
    connection.send(rawRequest({ method: 'POST', target, headers: [TOKEN] }));
    expect((await connection.answer()).status).toBe(200);
    for (let sent = 0; sent < 3; sent++) connection.send(rawRequest({ headers: [keyHeader(plaintext)] }));
    for (let read = 0; read < 3; read++) expect((await connection.answer()).status).toBe(401);
    connection.close();
  });

  it('lets a request finish that was admitted before, and admits none with the same connection after', async () => {
    const { id, plaintext } = await http.createKey();
    const body = '{"content":"admitted before"}';
    const connection = await RawConnection.open(http.server.url);
    const length: Header = ['content-length', String(body.length)];
    const headers = [keyHeader(plaintext), JSON_TYPE, length, ['expect', '100-continue']] as const;
    const target = '/render/enhance?stream=false';
    connection.send(rawRequest({ method: 'POST', target, headers }));
    expect((await connection.answer()).status).toBe(100);
    await http.server.keys.revoke(id, null);
    connection.send(body);
    const admitted = await connection.answer();
    expect(admitted.status).toBe(200);
    expect(admitted.body).toContain('admitted before');
    connection.send(rawRequest({ headers: [keyHeader(plaintext)] }));
    expect((await connection.answer()).status).toBe(401);
    connection.close();
  });

  it('admits nothing that was invoked after it returned, while 32 connections hammer old and new secret', async () => {
    const key = await http.createKey();
    const secrets = [key.plaintext, await http.rotate(key, 60_000)];
    let revokeInvoked = Number.POSITIVE_INFINITY;
    let revokeReturned = Number.POSITIVE_INFINITY;
    const seen = { acceptedBefore: 0, acceptedAfter: 0, refusedBefore: 0, refusedAfter: 0 };

    const hammer = async (secret: string) => {
      const connection = await RawConnection.open(http.server.url);
      for (let left = 30; left > 0; ) {
        const invoked = performance.now();
        connection.send(rawRequest({ headers: [keyHeader(secret)] }));
        const { status } = await connection.answer();
        const returned = performance.now();
        if (status === 200 && invoked > revokeReturned) seen.acceptedAfter += 1;
        else if (status === 200) seen.acceptedBefore += 1;
        else if (returned < revokeInvoked) seen.refusedBefore += 1;
        else seen.refusedAfter += 1;
        // Goes on until the revocation is well behind it.
        if (status !== 200) left -= 1;
      }
      connection.close();
    };
    const hammers = Array.from({ length: 32 }, (_, index) => hammer(secrets[index % 2] ?? ''));
    while (seen.acceptedBefore < 2000) await new Promise(setImmediate);
    revokeInvoked = performance.now();
    await http.server.keys.revoke(key.id, null);
    revokeReturned = performance.now();
    await Promise.all(hammers);
    expect(seen).toMatchObject({ acceptedAfter: 0, refusedBefore: 0, refusedAfter: 32 * 30 });
    expect(seen.acceptedBefore).toBeGreaterThanOrEqual(2000);
  });

  it('answers a hundred at once with one time', async () => {
    const { id } = await http.createKey();
    const revocations = await Promise.all(Array.from({ length: 100 }, () => http.control(`/v1/keys/${id}/revoke`, {})));
    const times = revocations.map(({ body }) => (JSON.parse(body) as { revokedAt: string }).revokedAt);
    expect(new Set(times).size).toBe(1);
    expect(new Set(revocations.map(({ status }) => status))).toEqual(new Set([200]));
    expect(headerOf(revocations[0] ?? { headers: [] }, 'cache-control')).toBe('no-store');
  });
});

/** A store whose answers to `findKeyByHash` and `insertKey` come when the test lets them. */
class LateStore extends MemoryKeyStore {
  isLate = false;
  letGo: () => void = () => {};
  isWaiting: Promise<void> = Promise.resolve();
  #reached: () => void = () => {};

  hold(): void {
    this.isLate = true;
    this.isWaiting = new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  async #late<Result>(result: Result): Promise<Result> {
    if (!this.isLate) return result;
    this.isLate = false;
    const released = new Promise<void>((resolve) => {
      this.letGo = resolve;
    });
    this.#reached();
    await released;
    return result;
  }

  override async findKeyByHash(hash: string): Promise<Key | null> {
    return this.#late(await super.findKeyByHash(hash));
  }

  override async insertKey(key: Key, author: AuditAuthor): Promise<Awaited<ReturnType<KeyStore['insertKey']>>> {
    const outcome = await super.insertKey(key, author);
    return outcome.kind === 'inserted' ? this.#late(outcome) : outcome;
  }
}

async function serviceOverLateStore() {
  const store = new LateStore();
  const fillRandom = seededRandom(3);
  const clock = { now: () => NOON };
  const teamId = 'team_2222222222222222';
  const profile = aProfile();
  await store.insertTeam({ id: teamId, name: 'T', createdAt: NOON });
  await store.insertProfile(profile, AUTHOR);
  const view = await EmbeddedKeyView.load(store);
  const recorder = new UsageRecorder({
    store,
    journal: NO_JOURNAL,
    clock,
    onProblem: () => {},
    keepsTime: true,
    onStored: () => {},
  });
  const gateways = embeddedGateways(view, recorder, clock, { onProfile: () => {}, onChanged: () => {} });
  const cursors = createCursors(fillRandom(new Uint8Array(32)));
  const caller = { teamId, name: 'local', personId: null, session: null, client: 'test/1', ip: '127.0.0.1' };
  const keys = keyServices({ store, gateways, cursors, clock, fillRandom }, caller);
  const authenticate = localAuthenticate(view, clock);
  const mint = () => {
    const plaintext = mintSecret('development', fillRandom);
    return { plaintext, secret: { hash: hashSecret(plaintext), start: startOf(plaintext) } };
  };
  const minted = mint();
  const request: CreateKey = {
    profileId: profile.id,
    name: 'k',
    environment: 'development',
    rateLimitPerMinute: null,
    expiresAt: null,
    secret: minted.secret,
  };
  const verdict = () => authenticate({ kind: 'presented', text: minted.plaintext }).verdict.kind;
  return { store, keys, request, verdict, mint };
}

describe('a create that is sent again', () => {
  it('cannot undo a revocation that came while it was under way', async () => {
    const { store, keys, request, verdict } = await serviceOverLateStore();
    const { id } = await keys.create(request);
    store.hold();
    const again = keys.create(request);
    await store.isWaiting;
    await keys.revoke(id, null);
    store.letGo();
    await expect(again).rejects.toMatchObject({ code: 'hash_in_use' });
    expect(verdict()).toBe('revoked');
  });

  it('cannot undo a rotation that came while it was under way', async () => {
    const { store, keys, request, verdict, mint } = await serviceOverLateStore();
    const { id } = await keys.create(request);
    store.hold();
    const again = keys.create(request);
    await store.isWaiting;
    await keys.rotate(id, { secret: mint().secret, graceMs: 0, replaceNew: false });
    store.letGo();
    await expect(again).rejects.toMatchObject({ code: 'hash_in_use' });
    expect(verdict()).toBe('superseded');
  });

  it('cannot undo it from the first time either, when its own answer is late', async () => {
    const { store, keys, request, verdict } = await serviceOverLateStore();
    store.hold();
    const first = keys.create(request);
    await store.isWaiting;
    const [key] = (await keys.list({ profileId: request.profileId, includeEnded: false, cursor: null, limit: 1 })).data;
    await keys.revoke(key?.id ?? '', null);
    store.letGo();
    await first;
    expect(verdict()).toBe('revoked');
  });
});
