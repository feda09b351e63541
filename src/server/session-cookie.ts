import type { FastifyRequest } from 'fastify';
import { SESSION_CREDENTIAL_PATTERN } from '../core/accounts.ts';
import { DAY_MS } from '../core/clock.ts';
import { valuesOf } from './raw-headers.ts';

/** One cookie of ours: for this host only, not for scripts, and not for requests that other sites make a browser send. */
export interface Cookie {
  readonly name: string;
  /** Its value in the request; `null` when it is not there, not as we write it, or there more than once: two are as good as none. */
  read(request: Pick<FastifyRequest, 'raw'>): string | null;
  /** Values of `Set-Cookie`. */
  set(value: string): string;
  clear(): string;
}

interface CookieRules {
  readonly pattern: RegExp;
  /** `null` keeps it until the browser ends. */
  readonly lifeMs: number | null;
  /** `Lax`, which lets links from other sites come in with it, unless it says otherwise. */
  readonly sameSite?: 'Strict';
}

/** Under https its name has the prefix that no other host and no plain http can write (RFC 6265bis, 4.1.3.2). */
export function cookieOf(publicUrl: string, baseName: string, { pattern, lifeMs, sameSite }: CookieRules): Cookie {
  const isSecure = new URL(publicUrl).protocol === 'https:';
  const name = isSecure ? `__Host-${baseName}` : baseName;
  const attributes = `; Path=/; HttpOnly; SameSite=${sameSite ?? 'Lax'}${isSecure ? '; Secure' : ''}`;
  return {
    name,
    read({ raw }) {
      const pairs = valuesOf(raw.rawHeaders, 'cookie').flatMap((value) => value.split(';'));
      const values = pairs.flatMap((pair) => {
        const [candidate, ...rest] = pair.split('=');
        return candidate?.trim() === name ? [rest.join('=').trim()] : [];
      });
      const [value] = values;
      return values.length === 1 && value !== undefined && pattern.test(value) ? value : null;
    },
    set: (value) => `${name}=${value}${attributes}${lifeMs === null ? '' : `; Max-Age=${lifeMs / 1000}`}`,
    clear: () => `${name}=${attributes}; Max-Age=0`,
  };
}

/** The credential of a person's session in a browser. */
export function sessionCookie(publicUrl: string): Cookie {
  return cookieOf(publicUrl, 'outkit', { pattern: SESSION_CREDENTIAL_PATTERN, lifeMs: 30 * DAY_MS });
}

/**
 * Whether a page of ours made the browser send this. Every request that changes something by a cookie needs it: `Origin` is that of
 * `publicUrl`, or where a browser sends none, `Sec-Fetch-Site` is `same-origin`.
 */
export function isSameOrigin({ raw }: Pick<FastifyRequest, 'raw'>, publicUrl: string): boolean {
  const origins = valuesOf(raw.rawHeaders, 'origin');
  if (origins.length > 0) return origins.length === 1 && origins[0] === new URL(publicUrl).origin;
  const sites = valuesOf(raw.rawHeaders, 'sec-fetch-site');
  return sites.length === 1 && sites[0] === 'same-origin';
}

/** What changes something has to say that it comes from here; what only reads must not say that it comes from elsewhere. */
export function isOurPage(request: Pick<FastifyRequest, 'raw' | 'method'>, publicUrl: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return isSameOrigin(request, publicUrl);
  const { rawHeaders } = request.raw;
  const sites = valuesOf(rawHeaders, 'sec-fetch-site');
  return valuesOf(rawHeaders, 'origin').length === 0
    ? sites.every((site) => site === 'same-origin' || site === 'none')
    : isSameOrigin(request, publicUrl);
}
