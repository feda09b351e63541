import { describe, expect, it } from 'vitest';
import { SharedReads } from './shared-reads.ts';

function reads() {
  const asked: PromiseWithResolvers<string>[] = [];
  const clock = { now: 0 };
  const shared = new SharedReads<string, string>(
    () => {
      const answer = Promise.withResolvers<string>();
      asked.push(answer);
      return answer.promise;
    },
    () => clock.now,
  );
  return { asked, clock, shared };
}

describe('shared reads', () => {
  it('ask once for all who come while a read will do, and once more for all who need a later one', async () => {
    const { asked, clock, shared } = reads();
    const first = [shared.read('k', 0), shared.read('k', Number.NEGATIVE_INFINITY)];
    clock.now = 10;
    const late = Array.from({ length: 1_000 }, () => shared.read('k', 10));
    const joining = shared.read('k', Number.NEGATIVE_INFINITY);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve('old');
    expect(await Promise.all([...first, joining])).toEqual(Array(3).fill({ sentAtMs: 0, answer: 'old' }));
    expect(asked).toHaveLength(2);
    asked[1]?.resolve('new');
    expect(new Set((await Promise.all(late)).map(({ answer }) => answer))).toEqual(new Set(['new']));
    expect((await late[0])?.sentAtMs).toBe(10);
    expect(asked).toHaveLength(2);
  });

  it('fail for those who asked, and the later read is sent all the same', async () => {
    const { asked, clock, shared } = reads();
    const first = shared.read('k', 0);
    clock.now = 1;
    const second = shared.read('k', 1);
    asked[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    asked[1]?.resolve('new');
    expect(await second).toEqual({ sentAtMs: 1, answer: 'new' });
    clock.now = 2;
    const third = shared.read('k', 2);
    asked[2]?.resolve('third');
    expect((await third).answer).toBe('third');
  });

  it('refuse when too many names are under way, and take more when some are done', async () => {
    const { asked, shared } = reads();
    const running = Array.from({ length: 1_000 }, (_, number) => shared.read(`k${number}`, 0));
    await expect(shared.read('one more', 0)).rejects.toMatchObject({ code: 'unavailable' });
    asked[0]?.resolve('x');
    await running[0];
    const again = shared.read('one more', 0);
    asked.at(-1)?.resolve('y');
    expect((await again).answer).toBe('y');
  });
});
