import * as v from 'valibot';
import {
  DEVICE_CLIENT_ID,
  DEVICE_GRANT_TYPE,
  type DeviceRedemption,
  SESSION_CREDENTIAL_PATTERN,
} from '../core/accounts.ts';
import { OutkitError } from '../core/errors.ts';
import { badAnswer, type ControlApiOptions, exchange, parseJson, problemOf } from './control-api.ts';

/** A device that asks to be let in, as it has to tell the person. */
export interface DeviceCode {
  /** Known to this program and the server alone. */
  readonly deviceCode: string;
  /** As people type it: `BCDF-GHJK`. */
  readonly userCode: string;
  /** A page of the server itself. */
  readonly page: string;
  readonly lifeMs: number;
  readonly intervalMs: number;
}

export type DeviceToken =
  | { readonly kind: 'started'; readonly credential: string }
  | { readonly kind: Exclude<DeviceRedemption['kind'], 'approved'> };

/** Device authorization (RFC 8628). Throws what the control API throws. */
export interface DeviceLogin {
  request(): Promise<DeviceCode>;
  /** Asks once whether the person has answered. */
  redeem(deviceCode: string): Promise<DeviceToken>;
}

const MAX_LIFE_S = 3600;
const MAX_INTERVAL_S = 60;

const seconds = (max: number) => v.pipe(v.number(), v.minValue(1), v.maxValue(max));

const codeAnswer = v.object({
  device_code: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,512}$/)),
  user_code: v.pipe(v.string(), v.regex(/^[A-Z0-9]{4}-?[A-Z0-9]{4}$/)),
  verification_uri: v.pipe(v.string(), v.maxLength(2048), v.url()),
  expires_in: seconds(MAX_LIFE_S),
  interval: v.optional(seconds(MAX_INTERVAL_S), 5),
});

const tokenAnswer = v.object({ access_token: v.pipe(v.string(), v.regex(SESSION_CREDENTIAL_PATTERN)) });

const errorAnswer = v.object({
  error: v.picklist(['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant']),
});

/** Speaks to the server about a login; `options` need no token. */
export function deviceLogin(options: ControlApiOptions): DeviceLogin {
  const post = (path: string, fields: Record<string, string>) => {
    const text = new URLSearchParams({ client_id: DEVICE_CLIENT_ID, ...fields }).toString();
    return exchange({ ...options, token: null }, path, { mediaType: 'application/x-www-form-urlencoded', text });
  };
  return {
    async request() {
      const { response, text } = await post('/api/auth/device/code', {});
      if (!response.ok) throw refusalOf(response, text, options.url);
      const read = v.safeParse(codeAnswer, parseJson(text));
      if (!read.success) throw badAnswer(options.url);
      const { device_code, user_code, verification_uri, expires_in, interval } = read.output;
      const page = new URL(verification_uri);
      // Elsewhere somebody else would ask for the person's password.
      if (page.origin !== options.url || page.username !== '' || page.password !== '') throw badAnswer(options.url);
      return {
        deviceCode: device_code,
        userCode: `${user_code.slice(0, 4)}-${user_code.slice(-4)}`,
        page: page.href,
        lifeMs: expires_in * 1000,
        intervalMs: interval * 1000,
      };
    },
    async redeem(deviceCode) {
      const fields = { grant_type: DEVICE_GRANT_TYPE, device_code: deviceCode };
      const { response, text } = await post('/api/auth/device/token', fields);
      const json = parseJson(text);
      if (!response.ok) {
        const refused = v.safeParse(errorAnswer, json);
        if (refused.success) return { kind: refused.output.error };
        throw refusalOf(response, text, options.url);
      }
      const read = v.safeParse(tokenAnswer, json);
      if (!read.success) throw badAnswer(options.url);
      return { kind: 'started', credential: read.output.access_token };
    },
  };
}

/** A proxy in front of a server that is away answers with a page of its own: that is no reason to take it for another server. */
function refusalOf(response: Response, text: string, url: string): OutkitError {
  if (response.status < 500) return problemOf(response, text, url);
  return new OutkitError('unavailable', `${url} cannot answer now (${response.status})`, 'run the command again');
}
