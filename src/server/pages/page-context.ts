import * as v from 'valibot';
import { type Cookie, cookieOf, sessionCookie } from '../session-cookie.ts';
import { createFormTokens, type FormTokens } from './form-token.ts';
import type { PageOptions } from './page-options.ts';
import { createSeal, SEALED_LIFE_MS, SEALED_PATTERN, type Seal } from './seal.ts';

/** A request of a device, as its person looks at it before they answer. Times are epoch milliseconds. */
const deviceInQuestion = v.strictObject({
  userCode: v.string(),
  requestedAt: v.number(),
  expiresAt: v.number(),
  ip: v.string(),
  agent: v.string(),
});

export type DeviceInQuestion = v.InferOutput<typeof deviceInQuestion>;

const NOTICES = ['joined', 'password_changed', 'session_ended', 'others_ended', 'let_in', 'sent_away'] as const;

/** What a page tells once, after a form did something. Sealed, so that no link can make a page say it. */
export type Notice = (typeof NOTICES)[number];

const signInElsewhere = v.strictObject({ state: v.looseObject({}), next: v.string() });

/** What every page route has at hand. */
export interface PageContext extends PageOptions {
  readonly cookies: {
    readonly session: Cookie;
    /** Random; tells browsers apart where nobody is signed in. */
    readonly browser: Cookie;
    /** Sealed, while the person is at the identity provider. */
    readonly elsewhere: Cookie;
  };
  readonly formTokens: FormTokens;
  readonly seals: {
    readonly device: Seal<DeviceInQuestion>;
    readonly notice: Seal<Notice>;
    readonly elsewhere: Seal<v.InferOutput<typeof signInElsewhere>>;
  };
}

export function pageContext(options: PageOptions): PageContext {
  const { publicUrl, secret } = options;
  return {
    ...options,
    cookies: {
      session: sessionCookie(publicUrl),
      browser: cookieOf(publicUrl, 'outkit-browser', { pattern: /^[A-Za-z0-9_-]{43}$/, lifeMs: null }),
      elsewhere: cookieOf(publicUrl, 'outkit-elsewhere', { pattern: SEALED_PATTERN, lifeMs: SEALED_LIFE_MS }),
    },
    formTokens: createFormTokens(secret),
    seals: {
      device: createSeal('device', deviceInQuestion, options),
      notice: createSeal('notice', v.picklist(NOTICES), options),
      elsewhere: createSeal('sign-in elsewhere', signInElsewhere, options),
    },
  };
}
