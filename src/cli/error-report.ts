import { ERRORS, OutkitError } from '../core/errors.ts';
import { commandLine, withFlagValue } from './command-line.ts';
import type { Output } from './output.ts';

/** Reports what ended the command and returns the exit code. No stack trace, unless `OUTKIT_DEBUG=1` asks for it. */
export function reportError(thrown: unknown, argv: readonly string[], output: Output, debug: boolean): number {
  const error = thrown instanceof OutkitError ? withWholeHint(thrown, argv) : unexpected(thrown, argv);
  output.error(error);
  if (debug && !output.isJson) output.trace(traceOf(thrown));
  return ERRORS[error.code].exitCode;
}

/** A hint that is a flag alone becomes the command once more with it, as it can be pasted. */
function withWholeHint(error: OutkitError, argv: readonly string[]): OutkitError {
  const [, value] = /^--api-url (\S+)$/.exec(error.hint ?? '') ?? [];
  if (value === undefined) return error;
  const isThere = argv.some((argument) => argument.split('=', 1)[0] === '--api-url');
  const hint = isThere ? withFlagValue(argv, '--api-url', value) : commandLine([...argv, '--api-url', value]);
  return new OutkitError(error.code, error.message, hint, { cause: error.cause });
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
