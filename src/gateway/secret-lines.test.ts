import { expect, test } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { ABSENT, type SecretLine, SecretLines } from './secret-lines.ts';

const LINE = {
  refusedFrom: 5,
  isPrevious: false,
  profileIndex: 0,
  ownLimitPerMinute: null,
  hasSharedWindow: false,
} as const;

const fillRandom = seededRandom(3);
const newHash = () => Buffer.from(fillRandom(new Uint8Array(32))).toString('hex');
const newHashes = (count: number, like = '') =>
  Array.from({ length: count }, () => like + newHash().slice(like.length));

/** Lines of these hashes, each at its place in the list. */
function linesOf(hashes: readonly string[]): SecretLines {
  const lines = new SecretLines();
  for (const [index, hash] of hashes.entries()) lines.set(hash, { ...LINE, index });
  return lines;
}

function isFound(lines: SecretLines, hash: string, index: number): boolean {
  const slot = lines.find(hash);
  return slot !== ABSENT && lines.indexAt(slot) === index && lines.slotOf(index) === slot;
}

test('finds each of many secrets by its hash, and nothing by a hash that none has', () => {
  const hashes = newHashes(5_000);
  const lines = linesOf(hashes);
  expect(hashes.filter((hash, index) => !isFound(lines, hash, index))).toEqual([]);
  expect(newHashes(5_000).filter((hash) => lines.find(hash) !== ABSENT)).toEqual([]);
});

test('compares whole hashes: those that begin alike, or differ in one digit only, are told apart', () => {
  const hash = newHash();
  const others = Array.from(
    { length: 64 },
    (_, index) => hash.slice(0, index) + (hash[index] === '0' ? '1' : '0') + hash.slice(index + 1),
  );
  expect(others.filter((other) => linesOf([hash]).find(other) !== ABSENT)).toEqual([]);
  const all = [hash, ...others];
  const lines = linesOf(all);
  expect(all.filter((known, index) => !isFound(lines, known, index))).toEqual([]);
});

test.each(['', 'a', 'zzzzzzzz', 'ÿ'.repeat(64)])('what is no hash finds nothing: %j', (text) => {
  expect(linesOf(newHashes(600)).find(text)).toBe(ABSENT);
});

test('what was written last is there, whatever else was, and each number fits', () => {
  const hashes = newHashes(100);
  const lines = linesOf(hashes);
  const written: Omit<SecretLine, 'index'>[] = [
    { ...LINE, refusedFrom: Number.POSITIVE_INFINITY, profileIndex: 2 ** 24 - 1, ownLimitPerMinute: 1_000_000_000 },
    { ...LINE, refusedFrom: Number.NEGATIVE_INFINITY, isPrevious: true, ownLimitPerMinute: 1 },
    { ...LINE, refusedFrom: Date.UTC(2200, 1), isPrevious: true, hasSharedWindow: true, profileIndex: 1 },
  ];
  for (const line of written) {
    lines.set(hashes[7] as string, { ...line, index: 7 });
    const slot = lines.slotOf(7);
    expect({
      refusedFrom: lines.refusedFrom(slot),
      isPrevious: lines.isPrevious(slot),
      profileIndex: lines.profileIndex(slot),
      ownLimitPerMinute: lines.ownLimit(slot),
      hasSharedWindow: lines.hasSharedWindow(slot),
    }).toEqual(line);
  }
  expect(() => lines.set(newHash(), { ...LINE, index: 100, profileIndex: 2 ** 24 })).toThrow(RangeError);
});

test('a window stays with its secret when lines move', () => {
  const hashes = [...newHashes(400), ...newHashes(300, '00000000')];
  const lines = linesOf(hashes);
  for (const index of hashes.keys()) {
    lines.setUsed(lines.slotOf(index), index);
    lines.setEndsAt(lines.slotOf(index), 2 ** 41 + index);
  }
  const before = lines.slotOf(3);
  for (const [number, hash] of newHashes(20_000).entries()) lines.set(hash, { ...LINE, index: hashes.length + number });
  expect(lines.slotOf(3)).not.toBe(before);
  for (const [index, hash] of hashes.entries()) {
    const slot = lines.find(hash);
    expect([lines.indexAt(slot), lines.used(slot), lines.endsAt(slot)]).toEqual([index, index, 2 ** 41 + index]);
  }
});

test('hashes that somebody chose alike are found, and slow down nobody', () => {
  const hashes = [...newHashes(20_000, '00000000'), ...newHashes(5_000), ...newHashes(5_000, 'ffffffff')];
  const lines = linesOf(hashes);
  expect(hashes.filter((hash, index) => !isFound(lines, hash, index))).toEqual([]);
  expect(newHashes(100, '00000000').filter((hash) => lines.find(hash) !== ABSENT)).toEqual([]);
  lines.set(hashes[19_999] as string, { ...LINE, index: 19_999, isPrevious: true });
  expect(lines.isPrevious(lines.find(hashes[19_999] as string))).toBe(true);
});
