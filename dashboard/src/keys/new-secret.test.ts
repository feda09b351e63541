import { expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../../src/core/environment.ts';
import { isWellFormedSecret } from '../../../src/core/secret.ts';
import { hashSecret } from '../../../src/core/secret-hash.ts';
import { newSecret } from './new-secret.ts';

it.each(ENVIRONMENTS)(
  'a secret minted in a browser for %s is one of the core, with the hash of the core',
  async (environment) => {
    const { plaintext, minted } = await newSecret(environment);
    expect(isWellFormedSecret(plaintext)).toBe(true);
    expect(minted).toEqual({ hash: hashSecret(plaintext), start: plaintext.slice(0, 8) });
    expect((await newSecret(environment)).plaintext).not.toBe(plaintext);
  },
);
