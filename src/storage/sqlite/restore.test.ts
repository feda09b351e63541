import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import {
  AUTHOR,
  PROFILE,
  revoked,
  SECOND_PROFILE,
  sampleKey,
  sampleSecret,
  TEAM,
} from '../../../test/contract/key-store/samples.ts';
import { verifyChain } from '../../core/audit.ts';
import type { Key } from '../../core/key.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import {
  directory,
  file,
  inStore,
  NOW,
  parent,
  restore,
  restored,
  takeBackup,
  useDirectories,
} from './restore.fixture.ts';

useDirectories();

/** A database with keys 1 to 3, and a backup of it. */
async function backedUp(): Promise<void> {
  await inStore(async (store) => {
    await withProfiles({ store });
    for (const number of [1, 2, 3]) await store.insertKey(sampleKey(number), AUTHOR);
  });
  await takeBackup();
}

function keysIn(where = directory): Promise<readonly Key[]> {
  return inStore((store) => store.allKeys('', 100), where);
}

function change(store: Store, number: number, decide: (key: Key) => Key): Promise<unknown> {
  return store.change(TEAM.id, sampleKey(number).id, AUTHOR, (key) => ({ key: decide(key), result: null }));
}

/** Rotated at 2,000 with an end that has passed or is to come. */
function rotated(key: Key, number: number): Key {
  const old = { ...(key.secrets[0] as Key['secrets'][number]), supersededAt: 2_000, acceptedUntil: 2_500 };
  return { ...key, version: key.version + 1, secrets: [old, sampleSecret(number, { ordinal: 2, createdAt: 2_000 })] };
}

const names = (where = directory) => readdirSync(where).filter((name) => name.startsWith('outkit.db'));

describe('where there is no database', () => {
  test('everything is as in the backup, 0600 in a directory that git ignores', async () => {
    await backedUp();
    const fresh = join(parent, 'fresh');
    const { current, kept, revoked: ended, aside, backup } = await restored({ directory: fresh });
    expect({ current, kept, ended, aside }).toEqual({ current: 'none', kept: [], ended: [], aside: null });
    expect(backup).toMatchObject({ keys: 3, position: 6 });
    expect(statSync(join(fresh, 'outkit.db')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(fresh, '.gitignore'), 'utf8')).toBe('*\n');
    expect(names(fresh)).toEqual(['outkit.db']);
    expect(await keysIn(fresh)).toEqual(await keysIn());
    expect(await inStore((store) => store.allProfiles(), fresh)).toEqual(await inStore((store) => store.allProfiles()));
  });
});

describe('over a database that knows more', () => {
  test('revokes, rotations and archives since stay, keys created since are revoked, and their hashes stay taken', async () => {
    await backedUp();
    await inStore(async (store) => {
      await change(store, 1, (key) => revoked(key));
      await change(store, 2, (key) => rotated(key, 22));
      await store.insertKey(sampleKey(4, { profileId: SECOND_PROFILE.id }), AUTHOR);
      await store.insertProfile({ ...PROFILE, id: 'prof_9', name: 'New' }, AUTHOR);
      await store.insertKey(sampleKey(5, { profileId: 'prof_9' }), AUTHOR);
      await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, (profile) => ({
        profile: { ...profile, name: 'Renamed', archivedAt: 3_000 },
        result: null,
      }));
    });
    const before = await keysIn();
    const { kept, revoked: ended } = await restored();
    expect(kept).toEqual([sampleKey(1).id, sampleKey(2).id]);
    expect(ended).toEqual([sampleKey(4).id, sampleKey(5).id]);
    const after = await keysIn();
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
    for (const key of after.slice(3)) {
      expect(key).toMatchObject({ revokedAt: NOW, revokedBy: 'restore', version: 2 });
    }
    await inStore(async (store) => {
      const chain = await store.auditChain(TEAM.id, 0, 100);
      expect(await verifyChain(chain)).toMatchObject({ kind: 'intact' });
      const takenOver = chain.filter(({ actor }) => actor === 'restore').map(({ subjectId }) => subjectId);
      const profiles = [PROFILE.id, 'prof_9'];
      expect(takenOver.sort()).toEqual([...kept, ...ended, ...profiles].sort());
      expect(await store.findProfile(TEAM.id, PROFILE.id)).toEqual({ ...PROFILE, archivedAt: 3_000 });
      expect((await store.allProfiles()).map(({ id }) => id)).toContain('prof_9');
      for (const hash of [4, 5, 22]) {
        expect(await store.insertKey(sampleKey(77, { secrets: [sampleSecret(hash)] }), AUTHOR)).toEqual({
          kind: 'hash_in_use',
        });
      }
    });
  });

  test('time and the numbers of changes go on from the later of both', async () => {
    await backedUp();
    await inStore((store) => store.persistTime(NOW * 10));
    await inStore((store) => change(store, 1, (key) => revoked(key)));
    await restored();
    expect(await inStore((store) => store.greatestTime())).toBe(NOW * 10);
    const database = new DatabaseSync(join(directory, 'outkit.db'));
    const seqs = database.prepare('select seq from changes order by seq').all();
    database.close();
    // Six in the backup, the seventh is that of the replaced database, then the key that was taken over.
    expect(seqs.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 8]);
  });

  test('the database before is kept, whole, and can be restored itself or renamed back', async () => {
    await backedUp();
    await inStore((store) => change(store, 1, (key) => revoked(key)));
    const before = await keysIn();
    const { aside } = await restored();
    expect(names().sort()).toEqual(['outkit.db', `outkit.db.before-restore-${'1970-01-01T00-00-50-000Z'}`]);
    expect(statSync(aside ?? '').mode & 0o777).toBe(0o600);
    const fresh = join(parent, 'fresh');
    await restored({ file: aside ?? '', directory: fresh });
    expect(await keysIn(fresh)).toEqual(before);
    renameSync(aside ?? '', join(directory, 'outkit.db'));
    expect(await keysIn()).toEqual(before);
  });

  test('a backup that is newer than the database is taken, with the ends that the database knows', async () => {
    await inStore(async (store) => {
      await withProfiles({ store });
      await store.insertKey(sampleKey(1), AUTHOR);
    });
    const old = join(parent, 'old');
    cpSync(directory, old, { recursive: true });
    await inStore((store) => change(store, 1, (key) => rotated(key, 22)));
    await takeBackup();
    const newer = await keysIn();
    await restored({ directory: old });
    expect(await keysIn(old)).toEqual(newer);
  });

  test('a database that the next machine made for itself gives its keys to the team of the backup', async () => {
    await backedUp();
    const next = join(parent, 'next');
    const team = { id: 'team_own', name: 'Local', createdAt: 1 };
    await inStore(async (store) => {
      await store.insertTeam(team);
      await store.insertProfile({ ...PROFILE, teamId: team.id }, AUTHOR);
      await store.insertKey(sampleKey(9, { teamId: team.id }), AUTHOR);
    }, next);
    await restored({ directory: next });
    await inStore(async (store) => {
      expect((await store.listTeams())[0]).toEqual(TEAM);
      expect(await store.findKey(TEAM.id, sampleKey(9).id)).toMatchObject({ revokedAt: NOW });
      expect(await store.findKey(TEAM.id, sampleKey(1).id)).toEqual(sampleKey(1));
    }, next);
  });

  test('two databases in which a secret belongs to different keys are not mixed', async () => {
    await backedUp();
    const other = join(parent, 'other');
    await inStore(async (store) => {
      await withProfiles({ store });
      await store.insertKey(sampleKey(8, { secrets: [sampleSecret(1)] }), AUTHOR);
    }, other);
    const before = await keysIn(other);
    await expect(restore({ directory: other })).rejects.toMatchObject({
      message: expect.stringContaining('no common'),
    });
    expect(await keysIn(other)).toEqual(before);
    expect(names(other)).toEqual(['outkit.db']);
  });
});

test('a restore that is abandoned leaves no trace, and the directory free', async () => {
  await backedUp();
  const before = readFileSync(join(directory, 'outkit.db'));
  const prepared = await restore();
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: 'data_directory' });
  prepared.abandon();
  expect(readFileSync(join(directory, 'outkit.db'))).toEqual(before);
  expect(existsSync(join(directory, 'outkit.db.new'))).toBe(false);
  expect(await keysIn()).toHaveLength(3);
});

test('a database that a backup is being made of is not replaced under it', async () => {
  await backedUp();
  const reader = new DatabaseSync(join(directory, 'outkit.db'), { readOnly: true });
  reader.exec('begin');
  reader.prepare('select * from keys').all();
  const prepared = await restore();
  expect(() => prepared.commit()).toThrow(/Another program is reading/);
  prepared.abandon();
  reader.close();
  expect(await keysIn()).toHaveLength(3);
});

test('a restore that cannot put the database in place says so, and leaves the one that is there', async () => {
  await backedUp();
  const prepared = await restore();
  rmSync(join(directory, 'outkit.db.new'));
  expect(() => prepared.commit()).toThrow(/cannot be restored to: ENOENT/);
  prepared.abandon();
  expect(names()).toEqual(['outkit.db']);
  expect(await keysIn()).toHaveLength(3);
});

describe('a damaged database', () => {
  async function damaged(): Promise<void> {
    await backedUp();
    writeFileSync(join(directory, 'outkit.db'), 'x'.repeat(8_192));
    writeFileSync(join(directory, 'outkit.db-wal'), 'log');
  }

  test('is not replaced, since nobody knows what it had revoked', async () => {
    await damaged();
    await expect(restore()).rejects.toMatchObject({
      message: expect.stringMatching(/is damaged: .*what was revoked since the backup would be accepted again\.$/),
      hint: expect.stringContaining('--discard-current'),
    });
    expect(readFileSync(join(directory, 'outkit.db'), 'utf8')).toBe('x'.repeat(8_192));
  });

  test('is replaced when that is given up, and kept with its log', async () => {
    await damaged();
    const { current, aside } = await restored({ discardCurrent: true });
    expect(current).toBe('damaged');
    expect(await keysIn()).toHaveLength(3);
    expect(readFileSync(aside ?? '', 'utf8')).toBe('x'.repeat(8_192));
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('log');
    expect(existsSync(join(directory, 'outkit.db-wal'))).toBe(false);
  });

  test('is what discarding is for: a whole one is not discarded', async () => {
    await backedUp();
    await expect(restore({ discardCurrent: true })).rejects.toMatchObject({
      message: expect.stringContaining('not damaged'),
    });
  });
});

describe('what is no backup', () => {
  const cases: readonly (readonly [string, () => void, RegExp])[] = [
    ['missing', () => rmSync(file), /there is no such file/],
    ['empty', () => writeFileSync(file, ''), /it is empty/],
    ['other bytes', () => writeFileSync(file, 'x'.repeat(9_000)), /not a database/],
    ['cut', () => writeFileSync(file, readFileSync(file).subarray(0, 20_000)), /malformed|damaged/],
    ['a database in use', () => writeFileSync(`${file}-wal`, 'frames'), /with a log beside it/],
    ['of a newer Outkit', () => sql("insert into migrations values (99, 'later')"), /A newer Outkit has made/],
    ['of somebody else', () => sql('drop table change_clock'), /not a database of Outkit/],
  ];

  function sql(text: string): void {
    const database = new DatabaseSync(file);
    database.exec(text);
    database.close();
  }

  test.each(cases)('%s is refused, and nothing changes', async (_, damage, says) => {
    await backedUp();
    const before = readFileSync(join(directory, 'outkit.db'));
    damage();
    const fresh = join(parent, 'fresh');
    for (const where of [directory, fresh]) {
      const error: unknown = await restore({ directory: where }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'backup_file', message: expect.stringMatching(says) });
    }
    expect(existsSync(fresh)).toBe(false);
    expect(readFileSync(join(directory, 'outkit.db'))).toEqual(before);
  });

  test('the database itself is refused', async () => {
    await backedUp();
    await expect(restore({ file: join(directory, 'outkit.db') })).rejects.toMatchObject({
      message: expect.stringContaining('is the database itself'),
    });
  });

  test('while a server runs nothing is restored', async () => {
    await backedUp();
    await inStore(async () => {
      await expect(restore()).rejects.toMatchObject({ message: expect.stringContaining(`process ${process.pid}`) });
    });
  });
});
