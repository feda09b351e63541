import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditService } from '../../src/core/audit-service.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/clock.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { CreateKey, KeyService, MintedSecret } from '../../src/core/key-service.ts';
import type { ProfileService } from '../../src/core/profile-service.ts';
import { startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { hourOf } from '../../src/core/usage.ts';
import { errorOf, expectError } from '../expect-error.ts';
import { mintedKey } from '../minted-key.ts';
import { seededRandom } from '../seeded-random.ts';

/** One implementation of the key service with everything behind it, in a time that stands still. */
export interface KeyServiceHarness {
  readonly keys: KeyService;
  readonly profiles: ProfileService;
  readonly audit: AuditService;
  readonly profileId: string;
  /** A key of another team. */
  readonly foreign: { readonly profileId: string; readonly keyId: string; readonly hash: string };
  now(): number;
  advance(byMs: number): void;
  /** Sends one renderer request: `accepted`, or the code of the refusal. */
  render(plaintext: string): Promise<'accepted' | ErrorCode>;
  close(): Promise<void>;
}

/** What every key service MUST do. Runs over the services themselves, and over the client that speaks to them by HTTP. */
export function keyServiceContract(name: string, open: () => Promise<KeyServiceHarness>): void {
  describe(name, () => {
    let harness: KeyServiceHarness;
    const fillRandom = seededRandom(name.length);

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const mint = (environment?: CreateKey['environment']) => mintedKey(fillRandom, environment);
    const request = (secret: MintedSecret | null, fields: Partial<CreateKey> = {}): CreateKey => ({
      profileId: harness.profileId,
      name: 'dev key',
      environment: 'development',
      rateLimitPerMinute: null,
      expiresAt: null,
      ...fields,
      secret,
    });
    const createKey = async (fields: Partial<CreateKey> = {}) => {
      const { plaintext, secret } = mint(fields.environment);
      return { plaintext, ...(await harness.keys.create(request(secret, fields))) };
    };
    const rotation = (secret: MintedSecret | null, graceMs = DAY_MS) => ({ secret, graceMs, replaceNew: false });
    const list = (includeEnded = false, cursor: string | null = null, limit = 50) =>
      harness.keys.list({ profileId: harness.profileId, includeEnded, cursor, limit });

    describe('create', () => {
      it('binds the key to its profile, shows the start only, and the key is accepted at once', async () => {
        const { plaintext, ...created } = await createKey({ name: 'dev key' });
        expect(created).toMatchObject({ name: 'dev key', profileId: harness.profileId, status: 'active', key: null });
        expect(created.start).toBe(plaintext.slice(0, 8));
        expect(await harness.render(plaintext)).toBe('accepted');
      });

      it('mints when the client did not, and answers with the plaintext once', async () => {
        const created = await harness.keys.create(request(null));
        expect(await harness.render(created.key ?? '')).toBe('accepted');
        expect(await harness.keys.find(created.id)).not.toHaveProperty('key');
      });

      it('is safe to repeat: the same request is the same key and the same answer', async () => {
        const { secret } = mint();
        const first = await harness.keys.create(request(secret));
        expect(await harness.keys.create(request(secret))).toEqual(first);
        expect((await list()).data).toHaveLength(1);
      });

      it('refuses a hash for anything but that same request', async () => {
        const { secret } = mint();
        await harness.keys.create(request(secret));
        await expectError(harness.keys.create(request(secret, { name: 'other' })), 'hash_in_use');
        await expectError(harness.keys.create(request(secret, { rateLimitPerMinute: 5 })), 'hash_in_use');
        const profile = await harness.profiles.create({ name: 'Second', plan: 'free', design: {} });
        await expectError(harness.keys.create(request(secret, { profileId: profile.id })), 'hash_in_use');
      });

      it('refuses a hash for ever: of a revoked, a superseded, a cancelled and a foreign secret', async () => {
        const revoked = await createKey();
        await harness.keys.revoke(revoked.id, null);
        const superseded = await createKey();
        await harness.keys.rotate(superseded.id, rotation(mint().secret, 0));
        const cancelled = mint();
        const rotated = await createKey();
        await harness.keys.rotate(rotated.id, rotation(cancelled.secret));
        await harness.keys.cancelRotation(rotated.id);
        const used = [revoked.plaintext, superseded.plaintext, cancelled.plaintext];
        for (const hash of [...used.map(hashSecret), harness.foreign.hash]) {
          await expectError(harness.keys.create(request({ hash, start: 'okd_Abcd' })), 'hash_in_use');
        }
        const again = { hash: hashSecret(revoked.plaintext), start: startOf(revoked.plaintext) };
        await expectError(harness.keys.create(request(again)), 'hash_in_use');
      });

      it('refuses a start of another environment, an expiry that is not ahead, and a foreign or missing profile alike', async () => {
        await expectError(harness.keys.create(request(mint('production').secret)), 'bad_request');
        await expectError(createKey({ expiresAt: harness.now() }), 'bad_request');
        const foreign = await errorOf(createKey({ profileId: harness.foreign.profileId }));
        const missing = await errorOf(createKey({ profileId: 'prof_3333333333333333' }));
        expect([foreign.code, foreign.message]).toEqual([missing.code, missing.message]);
        expect(foreign.code).toBe('not_found');
      });
    });

    describe('list', () => {
      it('has the newest first, and neither revoked nor expired keys unless asked', async () => {
        const kept = await createKey({ name: 'kept' });
        harness.advance(1);
        const revoked = await createKey({ name: 'revoked' });
        harness.advance(1);
        const expiring = await createKey({ name: 'expiring', expiresAt: harness.now() + HOUR_MS });
        await harness.keys.revoke(revoked.id, 'leaked');
        expect((await list()).data.map((key) => key.name)).toEqual(['expiring', 'kept']);
        harness.advance(HOUR_MS);
        expect((await list()).data.map((key) => key.id)).toEqual([kept.id]);
        const all = (await list(true)).data;
        expect(all.map((key) => [key.id, key.status])).toEqual([
          [expiring.id, 'expired'],
          [revoked.id, 'revoked'],
          [kept.id, 'active'],
        ]);
        expect(all[1]).toMatchObject({ revokeReason: 'leaked', revokedAt: harness.now() - HOUR_MS });
      });

      it('goes through pages without a gap or a repeat, also while keys are created', async () => {
        const ids: string[] = [];
        for (let index = 0; index < 7; index++) ids.unshift((await createKey()).id);
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await list(false, cursor, 3);
          seen.push(...page.data.map((key) => key.id));
          cursor = page.nextCursor;
          harness.advance(1);
          await createKey();
        } while (cursor !== null);
        expect(seen.toSorted()).toEqual(ids.toSorted());
      });

      it('refuses a cursor that is forged, cut or of another list', async () => {
        for (let index = 0; index < 3; index++) await createKey();
        const { nextCursor } = await list(false, null, 2);
        expect(nextCursor).not.toBeNull();
        const cursor = nextCursor ?? '';
        const forged = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
        for (const wrong of [forged, cursor.slice(0, -2), 'x', 'AAAA'.repeat(20)]) {
          await expectError(list(false, wrong), 'bad_request');
        }
        await expectError(list(true, cursor), 'bad_request');
      });

      it('shows the last use within the same second', async () => {
        const { plaintext } = await createKey();
        expect((await list()).data[0]?.lastUsedAt).toBeNull();
        harness.advance(MINUTE_MS);
        await harness.render(plaintext);
        expect((await list()).data[0]?.lastUsedAt).toBe(harness.now());
      });
    });

    describe('finding', () => {
      it('finds by id, by unique prefix, and by the hash of any secret it had', async () => {
        const { plaintext, id } = await createKey();
        const newer = mint();
        await harness.keys.rotate(id, rotation(newer.secret));
        expect((await harness.keys.find(id)).id).toBe(id);
        expect((await harness.keys.findByPrefix(id.slice(0, 10))).map((key) => key.id)).toEqual([id]);
        expect(await harness.keys.findByHash(hashSecret(plaintext))).toMatchObject({ key: { id }, secret: 'previous' });
        expect((await harness.keys.findByHash(newer.secret.hash)).secret).toBe('current');
        await harness.keys.revoke(id, null);
        expect((await harness.keys.findByHash(newer.secret.hash)).secret).toBe('ended');
      });

      it('treats what is foreign like what is missing', async () => {
        const { foreign, keys } = harness;
        for (const [theirs, nobodys] of [
          [() => keys.find(foreign.keyId), () => keys.find('key_3333333333333333')],
          [() => keys.findByHash(foreign.hash), () => keys.findByHash('f'.repeat(64))],
          [() => keys.stats(foreign.keyId, DAY_MS), () => keys.stats('key_3333333333333333', DAY_MS)],
          [() => keys.rotate(foreign.keyId, rotation(null)), () => keys.rotate('key_3333333333333333', rotation(null))],
          [() => keys.endGrace(foreign.keyId), () => keys.endGrace('key_3333333333333333')],
          [() => keys.revoke(foreign.keyId, null), () => keys.revoke('key_3333333333333333', null)],
        ] as const) {
          const [left, right] = [await errorOf(theirs()), await errorOf(nobodys())];
          expect({ ...left, message: left.message }).toEqual({ ...right, message: right.message });
          expect(left.code).toBe('not_found');
        }
        expect(await keys.findByPrefix(foreign.keyId)).toEqual([]);
      });
    });

    describe('rotate', () => {
      it('accepts both secrets for 24 h to the millisecond, then refuses the old one without anybody doing anything', async () => {
        const { plaintext, id } = await createKey();
        const newer = mint();
        const rotated = await harness.keys.rotate(id, rotation(newer.secret));
        expect(rotated).toMatchObject({ id, start: newer.secret.start, status: 'rotating' });
        expect(rotated.previousSecret?.acceptedUntil).toBe(harness.now() + DAY_MS);
        harness.advance(DAY_MS - 1);
        expect(await harness.render(plaintext)).toBe('accepted');
        expect(await harness.render(newer.plaintext)).toBe('accepted');
        harness.advance(1);
        expect(await harness.render(plaintext)).toBe('key_superseded');
        expect(await harness.render(newer.plaintext)).toBe('accepted');
        expect(await harness.keys.find(id)).toMatchObject({
          status: 'active',
          previousSecret: null,
          endedSecrets: [{ start: plaintext.slice(0, 8), reason: 'superseded', endedAt: harness.now() }],
        });
      });

      it('is safe to repeat, and refuses a second rotation inside the grace window', async () => {
        const { id } = await createKey();
        const { secret } = mint();
        const first = await harness.keys.rotate(id, rotation(secret));
        expect(await harness.keys.rotate(id, rotation(secret))).toEqual(first);
        await expectError(harness.keys.rotate(id, rotation(secret, HOUR_MS)), 'rotation_in_progress');
        await expectError(harness.keys.rotate(id, rotation(mint().secret)), 'rotation_in_progress');
      });

      it('replaces a new secret that was lost: it ends at once, the old one keeps its end', async () => {
        const { plaintext, id } = await createKey();
        const lost = mint();
        await harness.keys.rotate(id, rotation(lost.secret));
        harness.advance(HOUR_MS);
        const found = mint();
        const replaced = await harness.keys.rotate(id, { ...rotation(found.secret), replaceNew: true });
        expect(replaced.previousSecret?.acceptedUntil).toBe(harness.now() + 23 * HOUR_MS);
        const verdicts = [plaintext, lost.plaintext, found.plaintext].map((text) => harness.render(text));
        expect(await Promise.all(verdicts)).toEqual(['accepted', 'key_revoked', 'accepted']);
      });

      it('cancels, ends and extends a grace window', async () => {
        const { plaintext, id } = await createKey();
        const newer = mint();
        await harness.keys.rotate(id, rotation(newer.secret));
        expect((await harness.keys.cancelRotation(id)).start).toBe(plaintext.slice(0, 8));
        expect(await harness.render(newer.plaintext)).toBe('key_revoked');
        expect(await harness.render(plaintext)).toBe('accepted');

        const newest = mint();
        await harness.keys.rotate(id, rotation(newest.secret));
        const extended = await harness.keys.extendGrace(id, HOUR_MS);
        expect(extended.previousSecret?.acceptedUntil).toBe(harness.now() + 25 * HOUR_MS);
        await expectError(harness.keys.extendGrace(id, 7 * DAY_MS), 'grace_too_long');
        expect(await harness.keys.endGrace(id)).toMatchObject({ status: 'active', gateways: { waitedOut: 0 } });
        expect(await harness.render(plaintext)).toBe('key_superseded');
        await expectError(harness.keys.extendGrace(id, HOUR_MS), 'no_rotation');
        await expectError(harness.keys.rotate(id, { ...rotation(mint().secret), replaceNew: true }), 'no_rotation');
      });

      it('changes nothing for a revoked or expired key', async () => {
        const revoked = await createKey();
        await harness.keys.revoke(revoked.id, null);
        const expired = await createKey({ expiresAt: harness.now() + 1 });
        harness.advance(1);
        for (const { id } of [revoked, expired]) {
          const { plaintext, secret } = mint();
          await expectError(harness.keys.rotate(id, rotation(secret)), 'key_not_active');
          expect(await harness.render(plaintext)).toBe('key_unknown');
        }
      });

      it('lets exactly one of many rotations at once win', async () => {
        const { id } = await createKey();
        const attempts = Array.from({ length: 20 }, () => harness.keys.rotate(id, rotation(mint().secret)));
        const results = await Promise.allSettled(attempts);
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      });
    });

    describe('update', () => {
      const terms = (limit: number | null, expiresAt: number | null) => ({ rateLimitPerMinute: limit, expiresAt });

      it('changes what it names, and leaves the rest', async () => {
        const { id } = await createKey();
        const end = harness.now() + DAY_MS;
        expect(await harness.keys.update(id, { rateLimitPerMinute: 7 })).toMatchObject(terms(7, null));
        expect(await harness.keys.update(id, { expiresAt: end })).toMatchObject({
          ...terms(7, end),
          gateways: { confirmed: 1, waitedOut: 0 },
        });
        expect(await harness.keys.update(id, terms(null, null))).toMatchObject(terms(null, null));
        expect(await harness.keys.find(id)).toMatchObject(terms(null, null));
      });

      it('is in force when it returns: a sooner end refuses at that end, a later one accepts until then', async () => {
        const { id, plaintext } = await createKey({ expiresAt: harness.now() + DAY_MS });
        await harness.keys.update(id, { expiresAt: harness.now() + HOUR_MS });
        harness.advance(HOUR_MS - 1);
        expect(await harness.render(plaintext)).toBe('accepted');
        await harness.keys.update(id, { expiresAt: harness.now() + HOUR_MS });
        harness.advance(HOUR_MS - 1);
        expect(await harness.render(plaintext)).toBe('accepted');
        harness.advance(1);
        expect(await harness.render(plaintext)).toBe('key_expired');
      });

      it('brings back no key that has ended, and takes no end that is past', async () => {
        const { id, plaintext } = await createKey({ expiresAt: harness.now() + 1 });
        await expectError(harness.keys.update(id, { expiresAt: harness.now() }), 'bad_request');
        harness.advance(1);
        await expectError(harness.keys.update(id, { expiresAt: harness.now() + DAY_MS }), 'key_not_active');
        expect(await harness.render(plaintext)).toBe('key_expired');
        const revoked = await createKey();
        await harness.keys.revoke(revoked.id, null);
        await expectError(harness.keys.update(revoked.id, { rateLimitPerMinute: 1 }), 'key_not_active');
      });
    });

    describe('revoke', () => {
      it('is in force when it returns, for every secret of the key, and keeps the first time', async () => {
        const { plaintext, id } = await createKey();
        const newer = mint();
        await harness.keys.rotate(id, rotation(newer.secret));
        const revoked = await harness.keys.revoke(id, 'leaked');
        expect(revoked).toMatchObject({ id, revokedAt: harness.now(), gateways: { confirmed: 1, waitedOut: 0 } });
        expect(await harness.render(plaintext)).toBe('key_revoked');
        expect(await harness.render(newer.plaintext)).toBe('key_revoked');
        harness.advance(HOUR_MS);
        expect((await harness.keys.revoke(id, 'again')).revokedAt).toBe(revoked.revokedAt);
        expect(await harness.keys.find(id)).toMatchObject({
          revokeReason: 'leaked',
          previousSecret: null,
          endedSecrets: [{ start: plaintext.slice(0, 8), reason: 'revoked', endedAt: revoked.revokedAt }],
        });
      });

      it('always wins against a rotation at the same time', async () => {
        for (let round = 0; round < 10; round++) {
          const { plaintext, id } = await createKey();
          const newer = mint();
          await Promise.allSettled([harness.keys.rotate(id, rotation(newer.secret)), harness.keys.revoke(id, null)]);
          expect(await harness.render(plaintext)).toBe('key_revoked');
          expect(await harness.render(newer.plaintext)).not.toBe('accepted');
        }
      });
    });

    describe('activity', () => {
      it('counts what the keys of a page served in each hour of the last day, and what else became of their requests', async () => {
        const busy = await createKey({ rateLimitPerMinute: 2 });
        const quiet = await createKey();
        const query = { profileId: harness.profileId, includeEnded: true, cursor: null, limit: 100 };
        await harness.render(busy.plaintext);
        harness.advance(2 * HOUR_MS);
        for (let call = 0; call < 3; call++) await harness.render(busy.plaintext);
        await harness.keys.revoke(busy.id, null);
        await harness.render(busy.plaintext);

        const { since, data } = await harness.keys.activity(query);
        expect(since).toBe(hourOf(harness.now() - DAY_MS));
        const { data: listed } = await harness.keys.list(query);
        expect(data.map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
        const of = (key: { id: string }) => data.find(({ id }) => id === key.id);
        expect(of(busy)).toMatchObject({ errors: 0, rateLimited: 1, refused: 1 });
        expect(of(busy)?.served).toEqual([...Array(22).fill(0), 1, 0, 2]);
        expect(of(quiet)).toEqual({ id: quiet.id, served: Array(25).fill(0), errors: 0, rateLimited: 0, refused: 0 });

        const standing = await harness.keys.activity({ ...query, includeEnded: false, limit: 1 });
        expect([standing.data.map(({ id }) => id), standing.nextCursor]).toEqual([[quiet.id], null]);
        await expectError(harness.keys.activity({ ...query, profileId: 'prof_zzzzzzzzzzzzzzzz' }), 'not_found');
      });
    });

    describe('stats', () => {
      it('counts what was answered, refused and limited, and tells the headroom without spending it', async () => {
        const { plaintext, id } = await createKey({ rateLimitPerMinute: 3 });
        expect(await harness.keys.stats(id, DAY_MS)).toMatchObject({
          served: 0,
          errorRate: null,
          lastUsedAt: null,
          rateLimit: { limit: 3, remaining: 3, resetAt: null },
        });
        for (let call = 0; call < 5; call++) await harness.render(plaintext);
        const stats = await harness.keys.stats(id, DAY_MS);
        expect(stats).toMatchObject({ served: 3, rateLimited: 2, errorRate: 0, lastUsedAt: harness.now() });
        expect(stats.rateLimit).toEqual({
          limit: 3,
          remaining: 0,
          resetAt: harness.now() + MINUTE_MS,
          scope: 'shared',
        });
        expect(stats.series.reduce((sum, point) => sum + point.served, 0)).toBe(3);
        harness.advance(MINUTE_MS);
        expect((await harness.keys.stats(id, DAY_MS)).rateLimit.remaining).toBe(3);
        await harness.keys.revoke(id, null);
        await harness.render(plaintext);
        expect(await harness.keys.stats(id, DAY_MS)).toMatchObject({ refused: 1, served: 3, status: 'revoked' });
      });

      it('tells in a grace window how much still uses the old secret, and who', async () => {
        const { plaintext, id } = await createKey();
        await harness.render(plaintext);
        harness.advance(MINUTE_MS);
        const newer = mint();
        await harness.keys.rotate(id, rotation(newer.secret));
        expect((await harness.keys.stats(id, DAY_MS)).previousSecret).toMatchObject({
          share: null,
          lastUse: null,
          safeToEnd: false,
        });
        for (const text of [plaintext, newer.plaintext, newer.plaintext, newer.plaintext]) await harness.render(text);
        const stats = await harness.keys.stats(id, DAY_MS);
        expect(stats.served).toBe(5);
        expect(stats.previousSecret).toMatchObject({ share: 0.25, answered: 1, lastUse: { at: harness.now() } });
        expect(stats.previousSecret?.safeToEnd).toBe(false);
        expect(stats.currentSecret.lastUse?.at).toBe(harness.now());
        harness.advance(4 * HOUR_MS);
        expect((await harness.keys.stats(id, DAY_MS)).previousSecret?.safeToEnd).toBe(true);
      });

      it('counts only the hours of the window', async () => {
        const { plaintext, id } = await createKey();
        await harness.render(plaintext);
        harness.advance(2 * DAY_MS);
        expect((await harness.keys.stats(id, DAY_MS)).served).toBe(0);
        expect((await harness.keys.stats(id, 7 * DAY_MS)).served).toBe(1);
      });

      it('has hours of a short window and days of a long one, unless it is told which', async () => {
        const { plaintext, id } = await createKey();
        await harness.render(plaintext);
        harness.advance(2 * DAY_MS);
        await harness.render(plaintext);
        const points = async (windowMs: number, step?: 'hour' | 'day') => {
          const { series, ...stats } = await harness.keys.stats(id, windowMs, step);
          expect(series.reduce((sum, { served }) => sum + served, 0)).toBe(stats.served);
          return [stats.step, series.length, series.filter(({ served }) => served > 0).length, series.at(-1)?.at];
        };
        const [hour, day] = [HOUR_MS, DAY_MS].map((span) => harness.now() - (harness.now() % span));
        expect(await points(7 * DAY_MS)).toEqual(['hour', 169, 2, hour]);
        expect(await points(7 * DAY_MS, 'day')).toEqual(['day', 8, 2, day]);
        expect(await points(30 * DAY_MS)).toEqual(['day', 31, 2, day]);
        expect(await points(30 * DAY_MS, 'hour')).toEqual(['hour', 721, 2, hour]);
        expect(await points(365 * DAY_MS)).toEqual(['day', 366, 2, day]);
      });

      it('tells why requests were refused, and how long the answers to accepted ones took', async () => {
        const { plaintext, id } = await createKey();
        expect((await harness.keys.stats(id, DAY_MS)).latency).toBeNull();
        await harness.render(plaintext);
        const newer = mint();
        await harness.keys.rotate(id, rotation(newer.secret, HOUR_MS));
        harness.advance(HOUR_MS);
        await harness.render(plaintext);
        await harness.keys.revoke(id, null);
        for (const text of [plaintext, newer.plaintext]) await harness.render(text);
        const { refused, refusals, latency } = await harness.keys.stats(id, DAY_MS);
        expect({ refused, refusals }).toEqual({
          refused: 3,
          refusals: { revoked: 2, superseded: 1, expired: 0, archived: 0 },
        });
        expect(latency).toEqual({
          p50Ms: expect.any(Number),
          p95Ms: expect.any(Number),
          p99Ms: expect.any(Number),
        });
      });

      it('lets old and new secret share one limit', async () => {
        const { plaintext, id } = await createKey({ rateLimitPerMinute: 2 });
        const newer = mint();
        await harness.keys.rotate(id, rotation(newer.secret));
        const verdicts: string[] = [];
        for (const text of [plaintext, newer.plaintext, plaintext, newer.plaintext]) {
          verdicts.push(await harness.render(text));
        }
        expect(verdicts).toEqual(['accepted', 'accepted', 'rate_limited', 'rate_limited']);
      });
    });
  });
}
