import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GitObjectReader } from './git-objects.ts';

const CONTENTS = 'with\nlines and a NUL \0 and ÿ';

it('reads the same objects in whatever pieces they come', () => {
  const output = Buffer.concat([
    Buffer.from(`1111 commit ${Buffer.byteLength(CONTENTS)} \n${CONTENTS}\n`),
    Buffer.from('~2222 missing\n'),
    Buffer.from('3333 blob 0 an empty  file\n\n'),
    Buffer.from(`4444 blob 3 src/ü.ts\nabc\n`),
    Buffer.from('?5555 missing\n'),
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(output.length)), (cuts) => {
      const ends = [...cuts.sort((left, right) => left - right), output.length];
      const reader = new GitObjectReader();
      const objects = ends.flatMap((end, index) => [...reader.read(output.subarray(ends[index - 1] ?? 0, end))]);
      expect(objects.map((object) => ({ ...object, contents: object.contents.toString() }))).toEqual([
        { id: '1111', type: 'commit', name: '', contents: CONTENTS },
        { id: '~2222', type: 'missing', name: '', contents: '' },
        { id: '3333', type: 'blob', name: 'an empty  file', contents: '' },
        { id: '4444', type: 'blob', name: 'src/ü.ts', contents: 'abc' },
        { id: '?5555', type: 'missing', name: '', contents: '' },
      ]);
    }),
  );
});
