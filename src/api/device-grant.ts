import * as v from 'valibot';
import { DEVICE_CLIENT_ID, DEVICE_GRANT_TYPE } from '../core/accounts.ts';

/** What the device endpoints take, as form fields, and answer: RFC 8628, RFC 6749. */

const clientId = v.literal(DEVICE_CLIENT_ID);

export const deviceCodeForm = v.strictObject({ client_id: clientId });
export const deviceTokenForm = v.strictObject({
  grant_type: v.literal(DEVICE_GRANT_TYPE),
  device_code: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
  client_id: clientId,
});

export const deviceCodeAnswer = v.object({
  device_code: v.string(),
  user_code: v.string(),
  verification_uri: v.string(),
  /** Seconds, as `interval` is. */
  expires_in: v.number(),
  interval: v.number(),
});
export const deviceTokenAnswer = v.object({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  /** Seconds. */
  expires_in: v.number(),
});
export const deviceErrorAnswer = v.object({ error: v.string(), error_description: v.string() });
