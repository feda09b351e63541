import { newId } from '../../src/core/clock.ts';
import { ERRORS, type ErrorCode, OutkitError } from '../../src/core/errors.ts';
import type { KeyStore } from '../../src/core/key-store.ts';
import { REFUSAL_CODES } from '../../src/core/verdict.ts';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import { UsageRecorder } from '../../src/gateway/usage-recorder.ts';
import { embeddedGateways } from '../../src/server/embedded-gateways.ts';
import { auditServices } from '../../src/services/audit-services.ts';
import { createCursors } from '../../src/services/cursor.ts';
import { keyServices } from '../../src/services/key-services.ts';
import { profileServices } from '../../src/services/profile-services.ts';
import { MemoryKeyStore } from '../../src/storage/memory/memory-key-store.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { aKey, aProfile, aSecret, NOON } from '../key-builder.ts';
import { localAuthenticate } from '../local-authenticate.ts';
import { TestServer } from '../local-server.ts';
import { NO_JOURNAL } from '../no-journal.ts';
import { aRenderEvent } from '../render-event-builder.ts';
import { seededRandom } from '../seeded-random.ts';
import type { KeyServiceHarness } from './key-service.ts';
import { AUTHOR } from './key-store/samples.ts';

const FOREIGN = { profileId: 'prof_zzzzzzzzzzzzzzzz', keyId: 'key_zzzzzzzzzzzzzzzz', hash: 'e'.repeat(64) };

/** Another team with a key, to be out of reach. */
async function addForeignKey(store: KeyStore): Promise<void> {
  const team = { id: 'team_zzzzzzzzzzzzzzzz', name: 'Other', createdAt: NOON + 1 };
  await store.insertTeam(team);
  const profile = aProfile({ id: FOREIGN.profileId, teamId: team.id });
  await store.insertProfile(profile, AUTHOR);
  const secrets = [aSecret({ hash: FOREIGN.hash })];
  await store.insertKey(aKey({ id: FOREIGN.keyId, teamId: team.id, profileId: profile.id, secrets }), AUTHOR);
}

/** The services themselves, over memory. */
export async function overServices(): Promise<KeyServiceHarness> {
  const store = new MemoryKeyStore();
  const fillRandom = seededRandom(1);
  let now = NOON;
  const clock = { now: () => now };
  const profile = aProfile();
  const team = { id: profile.teamId, name: 'Local', createdAt: NOON };
  await store.insertTeam(team);
  await store.insertProfile(profile, AUTHOR);
  await addForeignKey(store);
  const view = await EmbeddedKeyView.load(store);
  const recorder = new UsageRecorder({
    store,
    journal: NO_JOURNAL,
    clock,
    onProblem: (_what, error) => {
      throw error;
    },
    keepsTime: true,
    onStored: () => {},
  });
  const gateways = embeddedGateways(view, recorder, clock, { onProfile: () => {}, onChanged: () => {} });
  const ports = { store, gateways, cursors: createCursors(fillRandom(new Uint8Array(32))), clock, fillRandom };
  const caller = { teamId: team.id, name: 'local', personId: null, session: null, client: 'test/1', ip: '127.0.0.1' };
  const authenticate = localAuthenticate(view, clock);
  return {
    keys: keyServices(ports, caller),
    profiles: profileServices(ports, caller),
    audit: auditServices(ports, caller),
    profileId: profile.id,
    foreign: FOREIGN,
    now: () => now,
    advance: (byMs) => {
      now += byMs;
    },
    async render(text) {
      const { verdict, secret } = authenticate({ kind: 'presented', text });
      const accepted = verdict.kind === 'accepted';
      const code = accepted ? 'accepted' : REFUSAL_CODES[verdict.kind];
      const status = code === 'accepted' ? 200 : ERRORS[code].status;
      if (secret === null) return code;
      const inGrace = accepted && verdict.previousSecret;
      const event = aRenderEvent({
        at: now,
        profileId: profile.id,
        keyId: secret.key.id,
        requestId: newId('req', fillRandom),
        status: status ?? 500,
        verdict: verdict.kind,
        agent: 'test',
      });
      await new Promise((recorded) => recorder.record({ event, secretOrdinal: secret.ordinal, inGrace }, recorded));
      recorder.finished(event.requestId, event);
      return code;
    },
    async close() {
      await recorder.flush();
      await store.close();
    },
  };
}

/** The services as the client speaks them: HTTP, server, SQLite. */
export async function overHttp(): Promise<KeyServiceHarness> {
  const server = await TestServer.start(async (dataDirectory) => {
    const store = await openStore(dataDirectory);
    // The local team is the first one; the other joins it.
    await store.insertTeam({ id: 'team_2222222222222222', name: 'Local', createdAt: NOON });
    await addForeignKey(store);
    await store.close();
  });
  return {
    keys: server.keys,
    profiles: server.profiles,
    audit: server.audit,
    profileId: server.profileId,
    foreign: FOREIGN,
    now: () => server.now(),
    advance: (byMs) => server.advance(byMs),
    async render(text) {
      const response = await fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': text } });
      const body = (await response.json()) as { code?: ErrorCode };
      if (response.ok) return 'accepted';
      if (body.code === undefined) throw new OutkitError('bad_answer', 'an error without a code');
      return body.code;
    },
    close: () => server.stop(),
  };
}
