import { type Notices, noticesFor } from './notices.ts';
import { isOutkitKey, safeOrigin } from './settings.ts';

/** How an app's proxy asks who may render, and where it gets its key from. */
export interface OutkitProxyOptions<Native = unknown> {
  /** The API key, or what gives it, asked at each request. Default: OUTKIT_API_KEY of the environment, read at each request. */
  readonly key?: string | (() => string | undefined | Promise<string | undefined>);
  /** Origin of the Outkit server. Default: OUTKIT_API_URL of the environment, read at each request. */
  readonly apiUrl?: string;
  /**
   * Who may render. `true` lets the request through, `false` answers 401, a Response is sent as it is. `native` is what the framework
   * has (Express's or Fastify's request, Hono's context). It runs before the body is read, and must leave the body alone.
   */
  readonly authorize: (request: Request, native: Native) => boolean | Response | Promise<boolean | Response>;
  /** For the whole answer, streaming included. From 1 to 300_000; default 60_000. */
  readonly timeoutMs?: number;
  /** Of the body of a request. From 1 to 64 MiB; default 1 MiB. */
  readonly maxBytes?: number;
  /** Default: console. */
  readonly log?: { warn(message: string): void; error(message: string): void };
}

/** Options that have been looked at, with their defaults. */
export interface CheckedOptions<Native> {
  readonly key: OutkitProxyOptions<Native>['key'];
  readonly apiUrl: string | undefined;
  readonly authorize: OutkitProxyOptions<Native>['authorize'];
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly notices: Notices;
}

/** Node's `fetch` itself gives up on an answer after so long. */
const MAX_TIMEOUT_MS = 300_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Throws a TypeError that says what is wrong, and never quotes a key. */
export function checkOptions<Native>(options: OutkitProxyOptions<Native>): CheckedOptions<Native> {
  const { key, apiUrl, authorize, timeoutMs = 60_000, maxBytes = 1024 * 1024, log = console } = options ?? {};
  if (typeof authorize !== 'function') {
    throw new TypeError(
      'createOutkitProxy needs authorize: without it everybody spends the quota of your key. ' +
        'Write who may render: createOutkitProxy({ authorize: async (request) => (await sessionOf(request)) !== null })',
    );
  }
  if (typeof key === 'string' ? !isOutkitKey(key) : key !== undefined && typeof key !== 'function') {
    throw new TypeError(
      'key must be an Outkit key (okd_, oks_ or okp_ and 38 letters and digits), or a function that gives it',
    );
  }
  if (apiUrl !== undefined && safeOrigin(apiUrl) === null) {
    throw new TypeError(
      'apiUrl must be https://host[:port], or http:// on this machine, without user, password, path or query',
    );
  }
  checkNumber('timeoutMs', timeoutMs, MAX_TIMEOUT_MS);
  checkNumber('maxBytes', maxBytes, MAX_BODY_BYTES);
  return { key, apiUrl, authorize, timeoutMs, maxBytes, notices: noticesFor(log) };
}

function checkNumber(name: string, value: unknown, max: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max) return;
  throw new TypeError(`${name} must be a whole number from 1 to ${max}`);
}
