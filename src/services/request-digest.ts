import { hash } from 'node:crypto';

/** Tells the same request from another one that carries the same hash. `values` are all that the request asks for, in a fixed order. */
export function requestDigest(
  operation: 'create' | 'rotate',
  values: readonly (string | number | boolean | null)[],
): string {
  return hash('sha256', JSON.stringify([operation, ...values]), 'hex');
}
