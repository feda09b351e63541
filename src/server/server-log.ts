import { pino } from 'pino';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import { redacted } from '../core/redaction.ts';
import { maskedStart } from '../core/secret.ts';
import type { Verdict } from '../core/verdict.ts';
import type { ServeConfig } from './serve-config.ts';

/** One finished request, as it may be kept: no header, no body and no query. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly address: string;
  /** What the gateway said of the key of a render; `null` where it was not asked. */
  readonly verdict: Verdict['kind'] | null;
  readonly keyId: string | null;
  /** The first eight characters of the secret. */
  readonly start: string | null;
  /** Who called the control API; `null` for nobody. */
  readonly personId: string | null;
}

/** The log of `outkit serve`: one JSON object a line. Texts are cut, and keys and credentials in them masked. */
export interface ServerLog {
  request(line: RequestLine): void;
  /** What went wrong, and why; `null` for what is no failure and still has to be known. */
  problem(what: string, error: unknown): void;
  notice(what: string, facts?: Readonly<Record<string, string | number>>): void;
}

export interface ServerLogOptions {
  readonly level: ServeConfig['logLevel'];
  readonly clock: Clock;
  /** Takes a line and the line break behind it. */
  readonly write: (line: string) => void;
}

const MAX_PATH_LENGTH = 256;
const MAX_TEXT_LENGTH = 8_000;
const MAX_CAUSES = 3;

export function openServerLog({ level, clock, write }: ServerLogOptions): ServerLog {
  const timestamp = () => `,"time":"${new Date(clock.now()).toISOString()}"`;
  const formatters = { level: (label: string) => ({ level: label }) };
  const log = pino({ level, base: null, timestamp, formatters, depthLimit: 5 }, { write });
  return {
    request({ path, start, ...line }) {
      const shown = { path: safe(path, MAX_PATH_LENGTH), start: start === null ? null : maskedStart(start) };
      log.info({ ...line, ...shown, durationMs: Math.round(line.durationMs * 1000) / 1000 }, 'request');
    },
    problem(what, error) {
      if (error === null) log.warn(safe(what, MAX_TEXT_LENGTH));
      else log.error({ error: factsOf(error, MAX_CAUSES) }, safe(what, MAX_TEXT_LENGTH));
    },
    notice(what, facts = {}) {
      log.info(facts, safe(what, MAX_TEXT_LENGTH));
    },
  };
}

/** Name, code and stack of an error and of its causes. Further properties of an error can be anything, also what somebody sent. */
function factsOf(error: unknown, causes: number): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, message, stack, cause } = error;
  return {
    name,
    ...(error instanceof OutkitError ? { code: error.code } : {}),
    stack: safe(stack ?? message, MAX_TEXT_LENGTH),
    ...(cause === undefined || causes === 0 ? {} : { cause: factsOf(cause, causes - 1) }),
  };
}

function safe(text: string, maxLength: number): string {
  return redacted(text).slice(0, maxLength);
}
