import { expect, it } from 'vitest';
import { newSecret } from '../env-file/project.fixture.ts';
import { seenOf } from './facts.fixture.ts';
import { secretsIn } from './seen-secret.ts';

it('finds each key of a text once, whatever stands around it, and nothing that only looks like one', () => {
  const [one, other] = [newSecret(), newSecret()];
  const damaged = `${one.slice(0, -1)}${one.endsWith('0') ? '1' : '0'}`;
  const text = `"${one}"\n\0${other};${one} ${damaged} okd_${'0'.repeat(38)} okx_${one.slice(4)} ok${one}`;
  expect(secretsIn(text)).toEqual([seenOf(one), seenOf(other)]);
  expect(secretsIn(one.slice(0, -1))).toEqual([]);
});
