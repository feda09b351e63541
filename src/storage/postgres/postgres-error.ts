import pg from 'pg';
import { OutkitError } from '../../core/errors.ts';

/** The SQLSTATE of an error that the server reported; `null` for any other error. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Classes of SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html) that say something of the statement, not of the server. */
const DATA_EXCEPTION = '22';
const CONSTRAINT_VIOLATION = '23';
const SYNTAX_OR_NAME = '42';
const INSUFFICIENT_PRIVILEGE = '42501';

/** Whether the statement was wrong: the server is well, and would refuse it again. */
export function isMistake(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null) return error instanceof RangeError;
  if (state === INSUFFICIENT_PRIVILEGE) return false;
  return [DATA_EXCEPTION, CONSTRAINT_VIOLATION, SYNTAX_OR_NAME].includes(state.slice(0, 2));
}

/** What the caller sees of an error of a statement: failures of storage as `unavailable`, a mistake without the values that the server quotes. */
export function judged(error: unknown): Error {
  if (!isMistake(error)) return nothingChanged(error);
  if (!(error instanceof pg.DatabaseError)) return error as Error;
  const place = error.constraint ?? error.table ?? '';
  return new Error(`the database refused a statement: ${error.code} ${place}`.trimEnd());
}

export function nothingChanged(cause?: unknown): OutkitError {
  return new OutkitError('unavailable', 'The database could not be used, and nothing was changed.', null, { cause });
}

/** The commit was sent, and nobody was told what became of it. */
export function outcomeUnknown(cause?: unknown): OutkitError {
  return new OutkitError(
    'unavailable',
    'The database did not confirm the change: it may have been made or not.',
    'Look whether it was made, or try again: what is revoked twice is revoked once.',
    { cause },
  );
}
