import { ERRORS, OutkitError } from '../core/errors.ts';
import { commandLine } from './command-line.ts';
import type { Output } from './output.ts';

/** Reports what ended the command and returns the exit code. No stack trace, unless `OUTKIT_DEBUG=1` asks for it. */
export function reportError(thrown: unknown, argv: readonly string[], output: Output, debug: boolean): number {
  const error = thrown instanceof OutkitError ? thrown : unexpected(thrown, argv);
  output.error(error);
  if (debug && !output.isJson) output.trace(traceOf(thrown));
  return ERRORS[error.code].exitCode;
}

function unexpected(thrown: unknown, argv: readonly string[]): OutkitError {
  const what = thrown instanceof Error ? thrown.message : 'unknown';
  return new OutkitError(
    'internal',
    `Something went wrong inside outkit: ${what}`,
    `OUTKIT_DEBUG=1 ${commandLine(argv)}`,
  );
}

function traceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const trace = thrown.stack ?? thrown.message;
  return thrown.cause === undefined ? trace : `${trace}\nCaused by: ${traceOf(thrown.cause)}`;
}
