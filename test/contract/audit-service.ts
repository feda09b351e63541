import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/core/audit.ts';
import { chainEntries, type ListAudit } from '../../src/core/audit-service.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';
import { mintedKey } from '../minted-key.ts';
import { seededRandom } from '../seeded-random.ts';
import type { KeyServiceHarness } from './key-service.ts';

const ALL: ListAudit = { since: null, keyId: null, cursor: null, limit: 30 };

/** What every audit service MUST do. Runs over the services themselves, and over the client that speaks to them by HTTP. */
export function auditServiceContract(name: string, open: () => Promise<KeyServiceHarness>): void {
  describe(name, () => {
    let harness: KeyServiceHarness;
    const fillRandom = seededRandom(name.length);

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const minted = () => mintedKey(fillRandom).secret;
    const createKey = () => {
      const { profileId } = harness;
      const wanted = {
        name: 'dev key',
        environment: 'development',
        rateLimitPerMinute: null,
        expiresAt: null,
      } as const;
      return harness.keys.create({ ...wanted, profileId, secret: minted() });
    };
    const actionsOf = async (query: Partial<ListAudit> = {}) =>
      (await harness.audit.list({ ...ALL, ...query })).data.map(({ action }) => action);

    it('has each change once, newest first, with who made it', async () => {
      const { id } = await createKey();
      const { keys, profiles } = harness;
      await keys.rotate(id, { secret: minted(), graceMs: DAY_MS, replaceNew: false });
      await keys.rotate(id, { secret: minted(), graceMs: DAY_MS, replaceNew: true });
      await keys.extendGrace(id, HOUR_MS);
      await keys.endGrace(id);
      await keys.rotate(id, { secret: minted(), graceMs: DAY_MS, replaceNew: false });
      await keys.cancelRotation(id);
      await keys.revoke(id, 'laptop lost');
      const web = await profiles.create({ name: 'Web', plan: 'free', design: {} });
      await profiles.update(web.id, { name: null, plan: 'pro', design: null, set: {}, unset: [] });
      await profiles.archive(web.id);
      const actions = await actionsOf();
      expect(actions.slice(0, 11)).toEqual([
        'profile.archive',
        'profile.update',
        'profile.create',
        'key.revoke',
        'key.cancel_rotation',
        'key.rotate',
        'key.end_grace',
        'key.extend_grace',
        'key.replace_new',
        'key.rotate',
        'key.create',
      ]);
      const [revoked] = (await harness.audit.list({ ...ALL, keyId: id, limit: 1 })).data;
      expect(revoked).toMatchObject({ actor: 'local', ip: '127.0.0.1', at: harness.now(), subjectId: id });
      expect(revoked).toMatchObject({ profileId: harness.profileId, after: { revokeReason: 'laptop lost' } });
    });

    it('has nothing of what was repeated, refused, or changed nothing', async () => {
      const { id } = await createKey();
      await harness.keys.revoke(id, null);
      const before = await actionsOf();
      await harness.keys.revoke(id, null);
      await harness.keys.endGrace(id).catch(() => {});
      const change = { name: null, plan: null, design: null, set: {}, unset: ['--outkit-nothing'] };
      await harness.profiles.update(harness.profileId, change);
      expect(await actionsOf()).toEqual(before);
    });

    it('is told in pages, since a time, and of one key', async () => {
      const first = await createKey();
      harness.advance(DAY_MS);
      for (let count = 0; count < 4; count++) await createKey();
      const all = await harness.audit.list(ALL);
      const pages: unknown[] = [];
      let cursor: string | null = null;
      do {
        const page = await harness.audit.list({ ...ALL, cursor, limit: 2 });
        expect(page.data.length).toBeLessThanOrEqual(2);
        pages.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages).toEqual(all.data);
      expect(await actionsOf({ since: harness.now() })).toHaveLength(4);
      expect(await actionsOf({ since: harness.now() + 1 })).toEqual([]);
      expect(await actionsOf({ keyId: first.id })).toEqual(['key.create']);
    });

    it('refuses the cursor of another list', async () => {
      for (let count = 0; count < 3; count++) await createKey();
      const { nextCursor } = await harness.audit.list({ ...ALL, limit: 1 });
      for (const [query, cursor] of [
        [{ since: 1 }, nextCursor],
        [{ keyId: harness.foreign.keyId }, nextCursor],
        [{}, 'nonsense'],
      ] as const) {
        const refused = harness.audit.list({ ...ALL, ...query, cursor });
        await expect(refused).rejects.toMatchObject({ code: 'bad_request' });
      }
    });

    it("says nothing of another team's key", async () => {
      expect(await actionsOf({ keyId: harness.foreign.keyId })).toEqual([]);
      const subjects = (await harness.audit.list(ALL)).data.map(({ subjectId }) => subjectId);
      expect(subjects).not.toContain(harness.foreign.keyId);
    });

    it('gives the whole chain to whoever verifies it, page after page', async () => {
      for (let count = 0; count < 70; count++) await createKey();
      const [newest] = (await harness.audit.list({ ...ALL, limit: 1 })).data;
      const finding = await verifyChain(chainEntries(harness.audit));
      expect(finding).toEqual({ kind: 'intact', head: { seq: newest?.seq, hash: newest?.hash } });
    });
  });
}
