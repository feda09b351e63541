import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutkitError } from '../core/errors.ts';
import { createIdentityProvider, type IdentityProvider, type PendingSignIn } from './identity-provider.ts';
import { CLIENT, OpenIdProvider, REDIRECT_URI } from './openid-provider.fixture.ts';

let provider: OpenIdProvider;
let signIn: IdentityProvider;

beforeEach(async () => {
  provider = await OpenIdProvider.start();
  signIn = createIdentityProvider({ ...CLIENT, issuer: provider.issuer, redirectUri: REDIRECT_URI });
});
afterEach(() => provider.stop());

/** Signs in there, and comes back with what the browser brings. */
async function identity(
  change: (callback: string, state: PendingSignIn) => [string, PendingSignIn] = (...same) => same,
) {
  const { url, state } = await signIn.start();
  return signIn.finish(...change(provider.callback(url), state));
}

/** The code in the error, which has to be of our words. */
async function refusal(act: Promise<unknown>): Promise<string | undefined> {
  const error = await act.then(
    () => new Error('nothing was refused'),
    (thrown) => thrown,
  );
  if (!(error instanceof OutkitError)) throw error;
  const short = /^Sign-in by the identity provider failed \((\w+)\)$/.exec(error.message)?.[1];
  const isSilent = short === 'unreachable' || short === 'timeout';
  expect(error).toMatchObject({ code: isSilent ? 'unavailable' : 'unauthenticated', hint: expect.any(String) });
  expect(error.cause).toBeUndefined();
  expect(error.message).not.toMatch(/canary|127\.0\.0\.1|code-/);
  return short;
}

describe('sign-in by an identity provider', () => {
  it('says who came back, with the address in lower case', async () => {
    expect(await identity()).toEqual({
      issuer: provider.issuer,
      subject: 'subject-1',
      email: 'ada@example.com',
      isEmailVerified: true,
    });
  });

  it('sends the browser there with PKCE by S256, state and nonce, all new each time and none of them the verifier', async () => {
    const [one, other] = [await signIn.start(), await signIn.start()];
    const query = Object.fromEntries(new URL(one.url).searchParams);
    expect(query).toEqual({
      response_type: 'code',
      client_id: 'outkit',
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      state: one.state.state,
      nonce: one.state.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(one.state[name]).toMatch(/^[\w-]{43}$/);
      expect(one.state[name]).not.toBe(other.state[name]);
    }
    expect(one.url).not.toContain(one.state.codeVerifier);
    expect(JSON.parse(JSON.stringify(one.state))).toEqual(one.state);
  });

  it('reads nothing of the callback but its query, so that no Host header can bend it', async () => {
    const { url, state } = await signIn.start();
    const { search } = new URL(provider.callback(url));
    expect(await signIn.finish(`http://evil.example.com/x${search}`, state)).toMatchObject({ subject: 'subject-1' });
  });

  it.each([
    [undefined, 'basic'],
    [['client_secret_basic'], 'basic'],
    [['client_secret_basic', 'client_secret_post'], 'post'],
  ])('proves itself in a way that the provider takes: %j', async (authMethods, proof) => {
    provider.authMethods = authMethods;
    await identity();
    expect(provider.proofs).toEqual([proof]);
  });

  it('asks for metadata at the first sign-in only, and not before', async () => {
    expect(provider.asked).toEqual([]);
    await identity();
    await identity();
    expect(provider.asked.filter((path) => path.includes('well-known'))).toHaveLength(1);
  });

  it.each([
    [{ email_verified: false }, 'ada@example.com'],
    [{ email_verified: undefined }, 'ada@example.com'],
    [{ email_verified: 'true' }, 'ada@example.com'],
    [{ email_verified: 1 }, 'ada@example.com'],
    [{ email: 'not an address' }, null],
    [{ email: ['ada@example.com'] }, null],
    // The Kelvin sign, which becomes a k in lower case: another address, whoever has it.
    [{ email: '\u212aim@example.com', email_verified: true }, null],
    [{ email: 'kim@\u212aexample.com', email_verified: true }, null],
    [{ email: `${'a'.repeat(300)}@example.com` }, null],
  ])('takes an address for verified only when that is said plainly: %j', async (claims, email) => {
    provider.claims = { ...provider.claims, ...claims };
    expect(await identity()).toMatchObject({ email, isEmailVerified: false });
  });

  it('finds the address where else it may be, of the same subject only', async () => {
    provider.claims = {};
    expect(await identity()).toMatchObject({ email: null, isEmailVerified: false });
    provider.userInfo = { sub: 'subject-1', email: 'ada@example.com', email_verified: true };
    signIn = createIdentityProvider({ ...CLIENT, issuer: provider.issuer, redirectUri: REDIRECT_URI });
    expect(await identity()).toMatchObject({ email: 'ada@example.com', isEmailVerified: true });
    provider.userInfo = { sub: 'subject-2', email: 'ada@example.com', email_verified: true };
    expect(await refusal(identity())).toBe('json_attribute_comparison_failed');
  });
});

describe('sign-in by an identity provider is refused', () => {
  it('for a code that was used', async () => {
    const { url, state } = await signIn.start();
    const callback = provider.callback(url);
    await signIn.finish(callback, state);
    expect(await refusal(signIn.finish(callback, state))).toBe('invalid_grant');
  });

  it.each([
    ['nonce', { nonce: 'other' }, 'jwt_claim_comparison_failed'],
    ['audience', { aud: 'other' }, 'jwt_claim_comparison_failed'],
    ['issuer', { iss: 'https://other.example.com' }, 'jwt_claim_comparison_failed'],
    ['time', { exp: 1_000_000_000 }, 'jwt_timestamp_check_failed'],
    ['subject', { sub: 'x'.repeat(256) }, 'bad_subject'],
  ])('for a token of another %s', async (_, claims, code) => {
    provider.claims = { ...provider.claims, ...claims };
    expect(await refusal(identity())).toBe(code);
  });

  it('for a token that another key has signed', async () => {
    provider.signsWrongly = true;
    expect(await refusal(identity())).toBe('invalid_response');
  });

  it('for a callback of somebody else: another state, or the code with another verifier', async () => {
    expect(await refusal(identity((callback, state) => [callback, { ...state, state: 'other' }]))).toBe(
      'invalid_response',
    );
    expect(await refusal(identity((callback, state) => [callback.replace(/&state=.*/, ''), state]))).toBe(
      'invalid_response',
    );
    const { state: other } = await signIn.start();
    const swapped = identity((callback, state) => [callback, { ...state, codeVerifier: other.codeVerifier }]);
    expect(await refusal(swapped)).toBe('invalid_grant');
    const stolen = identity((callback, state) => [
      callback,
      { ...other, state: state.state, codeVerifier: state.codeVerifier },
    ]);
    expect(await refusal(stolen)).toBe('jwt_claim_comparison_failed');
  });

  it('when the person said no, and for an error that is none of OAuth without repeating it', async () => {
    const back =
      (error: string) =>
      (_: string, state: PendingSignIn): [string, PendingSignIn] => [
        `${REDIRECT_URI}?error=${error}&error_description=canary&state=${state.state}`,
        state,
      ];
    expect(await refusal(identity(back('access_denied')))).toBe('access_denied');
    expect(await refusal(identity(back('canary')))).toBe('refused');
  });

  it('for a wrong client secret', async () => {
    signIn = createIdentityProvider({
      ...CLIENT,
      clientSecret: 'x',
      issuer: provider.issuer,
      redirectUri: REDIRECT_URI,
    });
    expect(await refusal(identity())).toBe('invalid_client');
  });

  it('without all of what was kept', async () => {
    const { url, state } = await signIn.start();
    const callback = provider.callback(url);
    for (const kept of [
      {},
      { ...state, nonce: '' },
      { ...state, codeVerifier: null },
      { ...state, state: undefined },
    ]) {
      expect(await refusal(signIn.finish(callback, kept))).toBe('bad_state');
    }
  });

  it('for a callback that is no address', async () => {
    const { state } = await signIn.start();
    expect(await refusal(signIn.finish('http://[', state))).toBe('bad_callback');
  });
});

describe('a provider', () => {
  it('that cannot be reached is asked again at the next sign-in', async () => {
    const { port, issuer } = provider;
    await provider.stop();
    signIn = createIdentityProvider({ ...CLIENT, issuer, redirectUri: REDIRECT_URI });
    expect(await refusal(signIn.start())).toBe('unreachable');
    provider = await OpenIdProvider.start(port);
    expect(await identity()).toMatchObject({ subject: 'subject-1' });
  });

  it('that takes the connection and never answers is given up', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    signIn = createIdentityProvider({ ...CLIENT, issuer: `http://127.0.0.1:${port}`, redirectUri: REDIRECT_URI });
    expect(await refusal(signIn.start())).toBe('timeout');
    silent.close();
  });

  it.each([
    [{ issuer: 'https://other.example.com' }, 'json_attribute_comparison_failed'],
    [{ authorization_endpoint: 'http://other.example.com/authorize' }, 'insecure_endpoint'],
    [{ filler: 'x'.repeat(1024 * 1024) }, 'unreachable'],
  ])('that says something odd of itself is not used', async (metadata, code) => {
    provider.metadata = metadata;
    expect(await refusal(signIn.start())).toBe(code);
  });

  it('is never spoken to without encryption but on this machine', async () => {
    const issuer = 'http://login.example.com';
    signIn = createIdentityProvider({ ...CLIENT, issuer, redirectUri: REDIRECT_URI });
    expect(await refusal(signIn.start())).toBe('insecure_issuer');
    for (const name of ['token_endpoint', 'jwks_uri']) {
      provider.metadata = { [name]: 'http://other.example.com/x' };
      signIn = createIdentityProvider({ ...CLIENT, issuer: provider.issuer, redirectUri: REDIRECT_URI });
      expect(await refusal(identity())).toBe('unreachable');
    }
  });
});
