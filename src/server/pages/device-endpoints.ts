import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { deviceCodeAnswer, deviceCodeForm, deviceTokenAnswer, deviceTokenForm } from '../../api/device-grant.ts';
import {
  DEVICE_CLIENT_ID,
  DEVICE_GRANT_TYPE,
  type StartedDeviceRequest,
  type StartedSession,
} from '../../core/accounts.ts';
import { ERRORS, type ErrorCode, OutkitError } from '../../core/errors.ts';
import { tellRetryAfter } from '../error-response.ts';
import { originOf } from '../request-origin.ts';
import type { Form } from './form-body.ts';
import type { PageOptions } from './page-options.ts';
import { spacedCode } from './words.ts';

/** The routes by which a program asks to be let in (RFC 8628), for the reference. Bodies are forms. */
export const DEVICE_ENDPOINTS = [
  {
    method: 'POST',
    path: '/api/auth/device/code',
    summary: 'Asks to be let in: a code for the program, and one for its person to type at `verification_uri`.',
    body: deviceCodeForm,
    answer: deviceCodeAnswer,
  },
  {
    method: 'POST',
    path: '/api/auth/device/token',
    summary:
      'Asks whether the person has answered, once every `interval` seconds; the answer has the credential, once.',
    body: deviceTokenForm,
    answer: deviceTokenAnswer,
  },
] as const;

type EndpointOptions = Pick<PageOptions, 'signIn' | 'publicUrl' | 'clock'>;

/** Puts them on a server whose bodies are forms. */
export function addDeviceEndpoints(app: FastifyInstance, { signIn, publicUrl, clock }: EndpointOptions): void {
  const [code, token] = DEVICE_ENDPOINTS;
  app.post(code.path, async (request, reply) => {
    const form = formOf(request);
    const wrong = wrongClient(form) ?? wrongForm(deviceCodeForm, form);
    if (wrong !== null) return refuse(reply, wrong);
    return succeed(reply, startedJson(await signIn.requestDevice(originOf(request)), publicUrl));
  });
  app.post(token.path, async (request, reply) => {
    const form = formOf(request);
    const wrong = wrongClient(form) ?? wrongGrant(form) ?? wrongForm(deviceTokenForm, form);
    if (wrong !== null) return refuse(reply, wrong);
    const redemption = await signIn.redeemDevice(form['device_code'] ?? '', originOf(request));
    return redemption.kind === 'started'
      ? succeed(reply, tokenJson(redemption, clock.now()))
      : refuse(reply, redemption.kind);
  });
}

function startedJson({ deviceCode, userCode, expiresInMs, intervalMs }: StartedDeviceRequest, publicUrl: string) {
  return {
    device_code: deviceCode,
    user_code: spacedCode(userCode),
    // No `verification_uri_complete`: a code that is typed was seen by whoever types it.
    verification_uri: new URL('/device', publicUrl).href,
    expires_in: Math.floor(expiresInMs / 1000),
    interval: Math.ceil(intervalMs / 1000),
  };
}

function tokenJson({ credential, session }: StartedSession, now: number) {
  const expiresIn = Math.max(0, Math.floor((session.expiresAt - now) / 1000));
  return { access_token: credential, token_type: 'Bearer', expires_in: expiresIn };
}

const DESCRIPTIONS = {
  invalid_request: 'The form is not as RFC 8628 has it',
  invalid_client: 'This program is not known here',
  unsupported_grant_type: `grant_type must be ${DEVICE_GRANT_TYPE}`,
  invalid_grant: 'This device code is not known, or was used',
  authorization_pending: 'The person has not answered yet',
  slow_down: 'Ask less often',
  access_denied: 'The person sent the program away',
  expired_token: 'The device code is too old: ask for another one',
  server_error: 'The server failed to answer',
  temporarily_unavailable: 'The server cannot answer right now',
} as const;

type DeviceError = keyof typeof DESCRIPTIONS;

/** What the guards and services throw, in words of the RFC. */
const ERROR_NAMES: Readonly<Partial<Record<ErrorCode, DeviceError>>> = {
  rate_limited: 'slow_down',
  internal: 'server_error',
  unavailable: 'temporarily_unavailable',
};

/** Any error of these paths, with the status that it has elsewhere. */
export function sendDeviceError(error: OutkitError, reply: FastifyReply): FastifyReply {
  tellRetryAfter(error, reply);
  return refuse(reply, ERROR_NAMES[error.code] ?? 'invalid_request', ERRORS[error.code].status ?? 500);
}

function refuse(reply: FastifyReply, error: DeviceError, status = 400): FastifyReply {
  const body = { error, error_description: DESCRIPTIONS[error] };
  return reply.code(status).header('cache-control', 'no-store').send(body);
}

function succeed(reply: FastifyReply, body: object): FastifyReply {
  return reply.header('cache-control', 'no-store').send(body);
}

function formOf({ body }: FastifyRequest): Form {
  if (body === undefined) throw new OutkitError('unsupported_media_type', 'The body is no form');
  return body as Form;
}

function wrongClient(form: Form): DeviceError | null {
  return form['client_id'] === undefined || form['client_id'] === DEVICE_CLIENT_ID ? null : 'invalid_client';
}

function wrongGrant(form: Form): DeviceError | null {
  return form['grant_type'] === undefined || form['grant_type'] === DEVICE_GRANT_TYPE ? null : 'unsupported_grant_type';
}

function wrongForm(schema: v.GenericSchema, form: Form): DeviceError | null {
  return v.is(schema, form) ? null : 'invalid_request';
}
