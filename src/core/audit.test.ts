import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AuditAuthor,
  type AuditEntry,
  type AuditedChange,
  type ChainHead,
  chained,
  EMPTY_CHAIN,
  headText,
  parseHead,
  verifyChain,
} from './audit.ts';

const AUTHOR: AuditAuthor = { actor: 'local', session: null, client: 'outkit/1.2.3', ip: '127.0.0.1', at: 1_000 };

function change(number: number): AuditedChange {
  const subject = { subjectKind: 'key', subjectId: `key_${number}`, profileId: 'prof_1' } as const;
  return {
    action: 'key.rotate',
    ...subject,
    before: { start: 'okd_aaaa' },
    after: { start: 'okd_bbbb', count: number },
  };
}

function chainOf(length: number, actor = AUTHOR.actor): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let number = 1; number <= length; number++) {
    entries.push(chained(entries.at(-1) ?? EMPTY_CHAIN, 'team_1', { ...AUTHOR, actor, at: number }, change(number)));
  }
  return entries;
}

function headOf(entries: readonly AuditEntry[]): ChainHead {
  const { seq, hash } = entries.at(-1) as AuditEntry;
  return { seq, hash };
}

test('a chain verifies up to its head, and so does its beginning', async () => {
  const entries = chainOf(5);
  expect(await verifyChain(entries)).toEqual({ kind: 'intact', head: headOf(entries) });
  expect(await verifyChain(entries, headOf(entries.slice(0, 3)))).toMatchObject({ kind: 'intact' });
  expect(await verifyChain([])).toEqual({ kind: 'intact', head: EMPTY_CHAIN });
});

// Made apart from the program, so that the encoding cannot change by accident: heads are kept for years.
test('the hash is that of the documented encoding', () => {
  const [first] = chainOf(1);
  expect(first?.hash).toBe('9e7a3567b512fca2f51d693e6baa55ce0c077b17d0f16e48085d083420d3dd8d');
});

const EDITS: Record<keyof AuditEntry, Partial<AuditEntry>> = {
  teamId: { teamId: 'team_2' },
  seq: { seq: 9 },
  at: { at: 7 },
  actor: { actor: 'grace' },
  session: { session: 'session_1' },
  client: { client: null },
  ip: { ip: '192.0.2.1' },
  action: { action: 'key.revoke' },
  subjectKind: { subjectKind: 'profile' },
  subjectId: { subjectId: 'key_9' },
  profileId: { profileId: 'prof_2' },
  before: { before: null },
  after: { after: { start: 'okd_bbbb', count: '3' } },
  previousHash: { previousHash: EMPTY_CHAIN.hash },
  hash: { hash: EMPTY_CHAIN.hash },
};

test.each(Object.entries(EDITS))('an edited %s is found at its entry', async (field, edit) => {
  const entries = chainOf(5).map((entry) => (entry.seq === 3 ? { ...entry, ...edit } : entry));
  expect(await verifyChain(entries)).toEqual(
    field === 'seq' ? { kind: 'missing', seq: 3 } : { kind: 'broken', seq: 3 },
  );
});

test('what is missing, swapped, doubled or put between is found', async () => {
  const [one, two, three, four] = chainOf(4) as [AuditEntry, AuditEntry, AuditEntry, AuditEntry];
  expect(await verifyChain([two, three])).toEqual({ kind: 'missing', seq: 1 });
  expect(await verifyChain([one, two, four])).toEqual({ kind: 'missing', seq: 3 });
  expect(await verifyChain([one, { ...three, seq: 2 }, { ...two, seq: 3 }])).toEqual({ kind: 'broken', seq: 2 });
  expect(await verifyChain([one, two, two])).toEqual({ kind: 'broken', seq: 2 });
  const forged = chained(one, 'team_1', AUTHOR, change(9));
  expect(await verifyChain([one, forged, { ...two, seq: 3 }])).toEqual({ kind: 'broken', seq: 3 });
});

test('a tail that was cut off and a whole new chain are found with a head that was kept, and only with it', async () => {
  const entries = chainOf(4);
  const kept = headOf(entries);
  expect(await verifyChain(entries.slice(0, 2))).toMatchObject({ kind: 'intact' });
  expect(await verifyChain(entries.slice(0, 2), kept)).toEqual({ kind: 'cut_off', seq: 2 });
  const other = chainOf(5, 'mallory');
  expect(await verifyChain(other)).toMatchObject({ kind: 'intact' });
  expect(await verifyChain(other, kept)).toEqual({ kind: 'rewritten', seq: 4 });
});

test('two entries have one hash only when they say the same, whatever their texts hold', () => {
  const text = fc.constantFrom('', 'a', '"', '","', '\\', '[', ']', 'null', '1', '\u0000');
  const facts = fc.dictionary(text, fc.oneof(text, fc.constantFrom(null, 1)), { maxKeys: 2, noNullPrototype: true });
  const written = fc.record({ actor: text, client: fc.option(text), before: fc.option(facts), after: facts });
  const seen = new Map<string, unknown>();
  fc.assert(
    fc.property(written, ({ actor, client, ...both }) => {
      const { hash, ...said } = chained(EMPTY_CHAIN, 'team_1', { ...AUTHOR, actor, client }, { ...change(1), ...both });
      expect(seen.get(hash) ?? said).toEqual(said);
      seen.set(hash, said);
    }),
    { numRuns: 2_000 },
  );
});

test('the order of facts says nothing', () => {
  const [one, other] = [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ].map((after) => chained(EMPTY_CHAIN, 'team_1', AUTHOR, { ...change(1), after }));
  expect(one?.hash).toBe(other?.hash);
});

test('a head is read as it is written, and nothing else is read', () => {
  const head = headOf(chainOf(3));
  expect(parseHead(headText(head))).toEqual(head);
  expect(parseHead(headText(EMPTY_CHAIN))).toEqual(EMPTY_CHAIN);
  for (const text of [
    '',
    '3',
    `3:${'A'.repeat(64)}`,
    `03:${'a'.repeat(64)}`,
    `3:${'a'.repeat(63)}`,
    `-1:${'a'.repeat(64)}`,
  ]) {
    expect(parseHead(text)).toBeNull();
  }
});
