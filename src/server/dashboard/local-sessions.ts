import type { FastifyRequest } from 'fastify';
import { isGoodPass } from '../../core/dashboard-pass.ts';
import type { FillRandom } from '../../core/secret.ts';
import { hashOfToken, newToken } from '../../core/token.ts';
import { isLoopback } from '../host-guard.ts';
import { type Cookie, cookieOf, isOurPage } from '../session-cookie.ts';

/** The browsers that were let into the dashboard of `outkit dev`. They are forgotten when it ends. */
export interface LocalSessions {
  /** The value of `Set-Cookie` that lets the browser in; `null` for a pass that was used, is over, or was made elsewhere. */
  open(request: FastifyRequest, pass: string): string | null;
  /** Whether the browser was let in, from this machine. What changes something also needs a page of this server behind it. */
  isOpen(request: FastifyRequest): boolean;
}

interface LocalSessionsParts {
  readonly credential: string;
  /** The clock of the machine: passes are made by it, in another process. */
  readonly wallNow: () => number;
  readonly fillRandom: FillRandom;
}

/** One person opens the dashboard in a few browsers; the one that was let in first is let out for one more. */
const MAX_SESSIONS = 16;

export function localSessions({ credential, wallNow, fillRandom }: LocalSessionsParts): LocalSessions {
  const usedPasses = new Set<string>();
  const sessions = new Set<string>();
  return {
    open(request, pass) {
      if (!isLoopback(request.clientAddress) || !isGoodPass(pass, credential, wallNow()) || usedPasses.has(pass)) {
        return null;
      }
      usedPasses.add(pass);
      const token = newToken(fillRandom);
      const [first] = sessions;
      if (sessions.size === MAX_SESSIONS && first !== undefined) sessions.delete(first);
      sessions.add(hashOfToken(token));
      return cookieFor(request).set(token);
    },
    isOpen(request) {
      const token = isLoopback(request.clientAddress) ? cookieFor(request).read(request) : null;
      return token !== null && sessions.has(hashOfToken(token)) && isOurPage(request, originOf(request));
    },
  };
}

/** Browsers keep the cookies of all ports of a machine together, so that its name has the port. */
function cookieFor(request: FastifyRequest): Cookie {
  const name = `outkit-dev-${request.socket.localPort}`;
  const rules = { pattern: /^[A-Za-z0-9_-]{43}$/, lifeMs: null, sameSite: 'Strict' } as const;
  return cookieOf(originOf(request), name, rules);
}

/** The origin that the browser reached it by. No page of another site has one of these: the guard knows only names of this machine. */
function originOf({ headers }: FastifyRequest): string {
  return `http://${headers.host}`;
}
