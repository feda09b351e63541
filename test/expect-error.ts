import { expect } from 'vitest';
import { type ErrorCode, OutkitError } from '../src/core/errors.ts';

/** The {@link OutkitError} that a promise rejects with; fails when it succeeds or throws anything else. */
export async function errorOf(promise: Promise<unknown>): Promise<OutkitError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(OutkitError);
  return error;
}

export async function expectError(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  expect((await errorOf(promise)).code).toBe(code);
}
