import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';

import type { CreateKey } from '../../src/core/key-service.ts';
import type { ProfileChange } from '../../src/core/profile-change.ts';
import type { NewProfile } from '../../src/core/profile-service.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { errorOf, expectError } from '../expect-error.ts';
import { mintedKey } from '../minted-key.ts';
import { seededRandom } from '../seeded-random.ts';
import type { KeyServiceHarness } from './key-service.ts';

const NOWHERE = 'prof_3333333333333333';
const WEB: NewProfile = {
  name: 'Web',
  plan: 'free',
  design: { '--outkit-primary': '#b30069', '--outkit-radius': '4px' },
};
const UNCHANGED: ProfileChange = { name: null, plan: null, design: null, set: {}, unset: [] };

/** What every profile service MUST do. Runs over the services themselves, and over the client that speaks to them by HTTP. */
export function profileServiceContract(name: string, open: () => Promise<KeyServiceHarness>): void {
  describe(name, () => {
    let harness: KeyServiceHarness;
    const fillRandom = seededRandom(name.length);

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const minted = () => mintedKey(fillRandom);
    const createKey = async (profileId: string, fields: Partial<CreateKey> = {}) => {
      const { plaintext, secret } = minted();
      const environment = 'development';
      const request = { profileId, name: 'k', environment, rateLimitPerMinute: null, expiresAt: null, secret } as const;
      return { plaintext, ...(await harness.keys.create({ ...request, ...fields })) };
    };
    const update = (id: string, change: Partial<ProfileChange>) =>
      harness.profiles.update(id, { ...UNCHANGED, ...change });
    const verdicts = async (plaintext: string, requests: number) => {
      const seen: string[] = [];
      for (let request = 0; request < requests; request++) seen.push(await harness.render(plaintext));
      return { accepted: seen.filter((verdict) => verdict === 'accepted').length, last: seen.at(-1) };
    };

    describe('create, list and find', () => {
      it('answers with the profile as it was sent, in the order of creation', async () => {
        harness.advance(1);
        const created = await harness.profiles.create(WEB);
        expect(created).toEqual({
          ...WEB,
          id: created.id,
          teamId: created.teamId,
          createdAt: harness.now(),
          archivedAt: null,
        });
        expect(await harness.profiles.find(created.id)).toEqual(created);
        harness.advance(1);
        const mail = await harness.profiles.create({ ...WEB, name: 'Mail' });
        const ids = (await harness.profiles.list()).map(({ id }) => id);
        expect(ids).toEqual([harness.profileId, created.id, mail.id]);
      });

      it('treats what is foreign like what is missing, in every method', async () => {
        const { profiles, foreign } = harness;
        for (const call of [
          (id: string) => profiles.find(id),
          (id: string) => update(id, { name: 'Mine' }),
          (id: string) => profiles.archive(id),
        ]) {
          const [theirs, nobodys] = [await errorOf(call(foreign.profileId)), await errorOf(call(NOWHERE))];
          expect({ ...theirs, message: theirs.message }).toEqual({ ...nobodys, message: nobodys.message });
          expect(theirs.code).toBe('not_found');
        }
        const all = await profiles.list({ includeArchived: true });
        expect(all.map(({ id }) => id)).not.toContain(foreign.profileId);
      });
    });

    describe('update', () => {
      it('changes what is sent and nothing else, and says where it is in force', async () => {
        const { id, createdAt } = await harness.profiles.create(WEB);
        const renamed = await update(id, { name: 'Shop' });
        expect(renamed).toEqual({
          ...WEB,
          id,
          teamId: renamed.teamId,
          createdAt,
          archivedAt: null,
          name: 'Shop',
          gateways: renamed.gateways,
        });
        expect(renamed.gateways).toMatchObject({ confirmed: 1, waitedOut: 0 });
        await update(id, { plan: 'pro', set: { '--outkit-text': 'black', '--outkit-radius': '0' } });
        await update(id, { unset: ['--outkit-primary', '--outkit-nothing'] });
        const design = { '--outkit-radius': '0', '--outkit-text': 'black' };
        const { gateways: _, ...expected } = { ...renamed, plan: 'pro', design };
        expect(await harness.profiles.find(id)).toEqual(expected);
      });

      it('takes a whole design first, then tokens to set, then tokens to take away', async () => {
        const { id } = await harness.profiles.create(WEB);
        const design = { '--outkit-a': '1', '--outkit-b': '1' };
        const change = { design, set: { '--outkit-b': '2', '--outkit-c': '2' }, unset: ['--outkit-a', '--outkit-c'] };
        expect((await update(id, change)).design).toEqual({ '--outkit-b': '2' });
      });

      it('is safe to repeat', async () => {
        const { id } = await harness.profiles.create(WEB);
        const change = { name: 'Shop', plan: 'pro', set: { '--outkit-a': '1' }, unset: ['--outkit-radius'] } as const;
        const first = await update(id, change);
        expect(await update(id, change)).toMatchObject({ ...first, gateways: { confirmed: 1 } });
      });

      it('refuses more than 64 tokens, all of the change with them', async () => {
        const { id } = await harness.profiles.create({ ...WEB, design: tokens(0, 60) });
        await expectError(update(id, { name: 'Shop', set: tokens(60, 65) }), 'bad_request');
        expect(await harness.profiles.find(id)).toMatchObject({ name: 'Web', design: tokens(0, 60) });
        await update(id, { set: tokens(60, 65), unset: ['--outkit-token-0'] });
        expect((await harness.profiles.find(id)).design).toEqual(tokens(1, 65));
      });

      it('to another plan changes the limit of keys without their own at once, up and down, within the same minute', async () => {
        const { id } = await harness.profiles.create(WEB);
        const { plaintext, id: keyId } = await createKey(id);
        expect(await verdicts(plaintext, 12)).toEqual({ accepted: 10, last: 'rate_limited' });
        await update(id, { plan: 'pro' });
        expect((await harness.keys.stats(keyId, DAY_MS)).rateLimit).toMatchObject({ limit: 100, remaining: 90 });
        expect(await verdicts(plaintext, 20)).toEqual({ accepted: 20, last: 'accepted' });
        await update(id, { plan: 'free' });
        expect(await verdicts(plaintext, 1)).toEqual({ accepted: 0, last: 'rate_limited' });
        expect((await harness.keys.stats(keyId, DAY_MS)).rateLimit).toMatchObject({ limit: 10, remaining: 0 });
      });

      it('to another plan leaves a key with a limit of its own and keys of other profiles alone', async () => {
        const { id } = await harness.profiles.create({ ...WEB, plan: 'pro' });
        const { plaintext } = await createKey(id, { rateLimitPerMinute: 15 });
        const other = await createKey(harness.profileId);
        await update(id, { plan: 'free' });
        expect((await verdicts(plaintext, 16)).accepted).toBe(15);
        expect((await verdicts(other.plaintext, 16)).accepted).toBe(16);
      });

      it('loses none of many changes at once', async () => {
        const { id } = await harness.profiles.create({ ...WEB, design: {} });
        const names = Object.keys(tokens(0, 20));
        await Promise.all(names.map((token) => update(id, { set: { [token]: '1' } })));
        expect(Object.keys((await harness.profiles.find(id)).design).sort()).toEqual(names.sort());
      });
    });

    describe('archive', () => {
      it('is in force when it returns, for every secret of every key, and keeps the first time', async () => {
        const { id } = await harness.profiles.create(WEB);
        const [one, two] = [await createKey(id), await createKey(id, { rateLimitPerMinute: 5 })];
        const newer = minted();
        await harness.keys.rotate(one.id, { secret: newer.secret, graceMs: HOUR_MS, replaceNew: false });
        const archived = await harness.profiles.archive(id);
        expect(archived).toMatchObject({ id, archivedAt: harness.now(), gateways: { confirmed: 1, waitedOut: 0 } });
        for (const { plaintext } of [one, two, newer]) expect(await harness.render(plaintext)).toBe('key_archived');
        harness.advance(HOUR_MS);
        expect((await harness.profiles.archive(id)).archivedAt).toBe(archived.archivedAt);
        expect((await harness.profiles.find(id)).archivedAt).toBe(archived.archivedAt);
      });

      it('leaves the keys of other profiles alone', async () => {
        const other = await createKey(harness.profileId);
        await harness.profiles.archive((await harness.profiles.create(WEB)).id);
        expect(await harness.render(other.plaintext)).toBe('accepted');
      });

      it('leaves the list, unless archived ones are asked for', async () => {
        harness.advance(1);
        const { id } = await harness.profiles.create(WEB);
        await harness.profiles.archive(id);
        expect((await harness.profiles.list()).map((profile) => profile.id)).toEqual([harness.profileId]);
        const all = await harness.profiles.list({ includeArchived: true });
        expect(all.map((profile) => [profile.id, profile.archivedAt])).toEqual([
          [harness.profileId, null],
          [id, harness.now()],
        ]);
      });

      it('takes neither keys nor secrets nor changes from then on, and mints nothing', async () => {
        const { id } = await harness.profiles.create(WEB);
        const key = await createKey(id);
        const newer = minted();
        await harness.keys.rotate(key.id, { secret: newer.secret, graceMs: HOUR_MS, replaceNew: false });
        await harness.profiles.archive(id);
        const late = minted();
        const rotation = { secret: late.secret, graceMs: HOUR_MS, replaceNew: true };
        for (const refused of [
          () => createKey(id, { secret: late.secret }),
          () => harness.keys.rotate(key.id, rotation),
          () => harness.keys.endGrace(key.id),
          () => harness.keys.extendGrace(key.id, HOUR_MS),
          () => harness.keys.update(key.id, { rateLimitPerMinute: 7 }),
          () => harness.keys.cancelRotation(key.id),
          () => update(id, { name: 'Back' }),
          () => update(id, {}),
        ]) {
          await expectError(refused(), 'profile_archived');
        }
        expect(await harness.render(late.plaintext)).toBe('key_unknown');
        expect((await harness.profiles.find(id)).name).toBe('Web');
      });

      it('still lists, counts and revokes its keys, which are called archived', async () => {
        const { id } = await harness.profiles.create(WEB);
        const key = await createKey(id);
        await harness.render(key.plaintext);
        await harness.keys.rotate(key.id, { secret: minted().secret, graceMs: HOUR_MS, replaceNew: false });
        await harness.profiles.archive(id);
        await harness.render(key.plaintext);
        const list = { profileId: id, cursor: null, limit: 10 };
        expect((await harness.keys.list({ ...list, includeEnded: false })).data).toEqual([]);
        const page = await harness.keys.list({ ...list, includeEnded: true });
        expect(page.data).toMatchObject([{ id: key.id, status: 'archived', previousSecret: null }]);
        expect(await harness.keys.findByHash(hashSecret(key.plaintext))).toMatchObject({ secret: 'ended' });
        const stats = await harness.keys.stats(key.id, DAY_MS);
        expect(stats).toMatchObject({ served: 1, refused: 1, status: 'archived', previousSecret: null });
        await harness.keys.revoke(key.id, null);
        expect((await harness.keys.find(key.id)).status).toBe('revoked');
        expect(await harness.render(key.plaintext)).toBe('key_revoked');
      });

      it('names what ended before it: revoked and expired keys stay that', async () => {
        const { id } = await harness.profiles.create(WEB);
        const revoked = await createKey(id);
        await harness.keys.revoke(revoked.id, null);
        const expired = await createKey(id, { expiresAt: harness.now() + 1 });
        harness.advance(1);
        await harness.profiles.archive(id);
        expect(await harness.render(revoked.plaintext)).toBe('key_revoked');
        expect(await harness.render(expired.plaintext)).toBe('key_expired');
      });

      it('always wins against changes at the same time, and answers many at once with one time', async () => {
        const { id } = await harness.profiles.create(WEB);
        const { plaintext } = await createKey(id);
        const archivings = Promise.all(Array.from({ length: 20 }, () => harness.profiles.archive(id)));
        const changes = Array.from({ length: 20 }, (_, count) => update(id, { name: `Name ${count}` }));
        await Promise.allSettled(changes);
        expect(new Set((await archivings).map(({ archivedAt }) => archivedAt)).size).toBe(1);
        expect(await harness.render(plaintext)).toBe('key_archived');
      });
    });
  });
}

/** Tokens with the numbers from `start` to before `end`. */
function tokens(start: number, end: number): Record<string, string> {
  const names = Array.from({ length: end - start }, (_, index) => `--outkit-token-${start + index}`);
  return Object.fromEntries(names.map((name) => [name, '1']));
}
