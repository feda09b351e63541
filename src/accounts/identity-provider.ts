import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { OutkitError } from '../core/errors.ts';
import { isSafeTransport } from '../core/loopback.ts';
import type { ProvidedIdentity } from '../core/sign-in-service.ts';
import { boundedFetch } from './bounded-fetch.ts';

export interface IdentityProviderSettings {
  /** OpenID Connect issuer: https, or http on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back to; registered there. */
  readonly redirectUri: string;
}

/** What one sign-in is bound to, between its start and its end. Plain data; whoever keeps it MUST seal it: it lets a code be redeemed. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Sign-in by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce. */
export interface IdentityProvider {
  /** Where to send the browser, and what to keep until it comes back. */
  start(): Promise<{ url: string; state: PendingSignIn }>;
  /** Who came back, with what was kept. Of `callbackUrl` only the query is read. */
  finish(callbackUrl: string | URL, state: object): Promise<ProvidedIdentity>;
}

/** For each request to the provider, of which a sign-in makes four at most. */
const ANSWER_WITHIN_S = 5;
const SCOPE = 'openid email';
const MAX_SUBJECT_LENGTH = 255;
/** In ASCII, as those of accounts are: other letters can become another address in lower case, as the Kelvin sign becomes a k. */
const EMAIL = /^[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,189}$/;

/**
 * The provider is asked for its metadata at the first sign-in, and again at the next one when that failed. Both methods throw
 * `unauthenticated`, or `unavailable` when the provider does not answer, with a short code of what went wrong and nothing that the
 * provider or the browser said.
 */
export function createIdentityProvider(settings: IdentityProviderSettings): IdentityProvider {
  let known: Promise<Configuration> | null = null;
  const configuration = () => {
    known ??= discover(settings).catch((error) => {
      known = null;
      throw error;
    });
    return known;
  };
  return {
    start: () => withShortCode(async () => begin(await configuration(), settings)),
    finish: (callbackUrl, state) =>
      withShortCode(async () => {
        const url = new URL(settings.redirectUri);
        if (!URL.canParse(String(callbackUrl), url.href)) throw new Refusal('bad_callback');
        url.search = new URL(callbackUrl, url).search;
        if (!isPending(state)) throw new Refusal('bad_state');
        return identify(await configuration(), url, state);
      }),
  };
}

async function discover({ issuer, clientId, clientSecret }: IdentityProviderSettings): Promise<Configuration> {
  const url = new URL(issuer);
  if (!isSafeTransport(url)) throw new Refusal('insecure_issuer');
  const onLoopback = url.protocol === 'http:' ? [allowInsecureRequests] : [];
  const found = await discovery(url, clientId, undefined, secretOf(clientSecret), {
    timeout: ANSWER_WITHIN_S,
    execute: [enableNonRepudiationChecks, ...onLoopback],
    [customFetch]: boundedFetch,
  });
  // The library lets some providers speak for issuers of others.
  if (new URL(found.serverMetadata().issuer).href !== url.href) throw new Refusal('other_issuer');
  return found;
}

/** In the body where the provider says that it takes that, else as OAuth has it by default (RFC 6749, section 2.3.1). */
function secretOf(clientSecret: string): ClientAuth {
  const [post, basic] = [ClientSecretPost(clientSecret), ClientSecretBasic(clientSecret)];
  return (server, ...rest) => {
    const isPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') === true;
    return (isPost ? post : basic)(server, ...rest);
  };
}

async function begin(found: Configuration, { redirectUri }: IdentityProviderSettings) {
  const state: PendingSignIn = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
  const url = buildAuthorizationUrl(found, {
    redirect_uri: redirectUri,
    scope: SCOPE,
    state: state.state,
    nonce: state.nonce,
    code_challenge: await calculatePKCECodeChallenge(state.codeVerifier),
    code_challenge_method: 'S256',
  });
  if (!isSafeTransport(url)) throw new Refusal('insecure_endpoint');
  return { url: url.href, state };
}

async function identify(found: Configuration, url: URL, pending: PendingSignIn): Promise<ProvidedIdentity> {
  const tokens = await authorizationCodeGrant(found, url, {
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    pkceCodeVerifier: pending.codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined || claims.sub.length > MAX_SUBJECT_LENGTH) throw new Refusal('bad_subject');
  const { iss: issuer, sub: subject } = claims;
  // Without a claim of it in the token, the address is where OpenID Connect puts it (Core, section 5.4).
  const isElsewhere = claims['email'] === undefined && found.serverMetadata().userinfo_endpoint !== undefined;
  const told = isElsewhere ? await fetchUserInfo(found, tokens.access_token, subject) : claims;
  const email = told['email'];
  if (typeof email !== 'string' || !EMAIL.test(email)) return { issuer, subject, email: null, isEmailVerified: false };
  return { issuer, subject, email: email.toLowerCase(), isEmailVerified: told['email_verified'] === true };
}

function isPending(kept: object): kept is PendingSignIn {
  const { state, nonce, codeVerifier } = kept as Partial<Record<string, unknown>>;
  return [state, nonce, codeVerifier].every((text) => typeof text === 'string' && text !== '');
}

/** What we refuse ourselves. */
class Refusal extends Error {}

/** Codes of OAuth and OpenID Connect that a person can make something of. */
const PROVIDER_CODES = [
  'access_denied',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
];

const NO_ANSWER = ['unreachable', 'timeout', 'temporarily_unavailable', 'server_error'];

async function withShortCode<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    const short = codeOf(error);
    const code = NO_ANSWER.includes(short) ? 'unavailable' : 'unauthenticated';
    const hint = 'try again, or sign in with a password';
    // Without the cause: it may hold tokens and what the provider said of a person.
    throw new OutkitError(code, `Sign-in by the identity provider failed (${short})`, hint);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return PROVIDER_CODES.includes(error.error) ? error.error : 'refused';
  }
  if (error instanceof ClientError && error.code !== undefined) return error.code.replace('OAUTH_', '').toLowerCase();
  return 'unreachable';
}
