import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const CLIENT = { clientId: 'outkit', clientSecret: 'a client secret: +/&' } as const;
export const REDIRECT_URI = 'https://outkit.example.com/sign-in/provider';

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** A small OpenID provider on loopback: discovery, keys, codes that are good once, PKCE, and the claims that a test asks for. */
export class OpenIdProvider {
  /** Of the token, beside those that belong to the protocol; may replace them. */
  claims: JWTPayload = { email: 'Ada@Example.com', email_verified: true };
  /** Of the endpoint; `null` when there is none. */
  userInfo: object | null = null;
  /** In place of what the endpoint would answer. */
  metadata: object = {};
  authMethods: readonly string[] | undefined;
  /** Signs tokens with a key that is not published. */
  signsWrongly = false;
  /** Paths that were asked for, in their order. */
  readonly asked: string[] = [];
  /** How the client proved itself at the token endpoint. */
  readonly proofs: string[] = [];
  /** What happens before an answer. */
  before: (path: string) => Promise<void> = async () => {};
  readonly #server: Server;
  readonly #grants = new Map<string, Grant>();
  #keys: { readonly own: CryptoKey; readonly other: CryptoKey; readonly published: object } | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  }

  static async start(port = 0): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider();
    const [own, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
    const published = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
    provider.#keys = { own: own.privateKey, other: other.privateKey, published };
    await new Promise<void>((resolve) => provider.#server.listen(port, '127.0.0.1', resolve));
    return provider;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What a browser does there: signs in and comes back with a code. */
  callback(url: string): string {
    const asked = new URL(url).searchParams;
    const code = `code-${this.#grants.size}`;
    const redirectUri = asked.get('redirect_uri') ?? '';
    const challenge = asked.get('code_challenge') ?? '';
    this.#grants.set(code, { challenge, nonce: asked.get('nonce') ?? '', redirectUri });
    return `${redirectUri}?code=${code}&state=${asked.get('state')}`;
  }

  async #answer(request: IncomingMessage): Promise<[number, object]> {
    const path = request.url ?? '';
    this.asked.push(path);
    await this.before(path);
    if (path === '/.well-known/openid-configuration') return [200, this.#discovery()];
    if (path === '/keys') return [200, this.#keys?.published ?? {}];
    if (path === '/userinfo') return [200, this.userInfo ?? {}];
    return path === '/token' ? this.#token(request) : [404, {}];
  }

  #discovery(): object {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      ...(this.userInfo === null ? {} : { userinfo_endpoint: `${issuer}/userinfo` }),
      ...(this.authMethods === undefined ? {} : { token_endpoint_auth_methods_supported: this.authMethods }),
      id_token_signing_alg_values_supported: ['RS256'],
      ...this.metadata,
    };
  }

  async #token(request: IncomingMessage): Promise<[number, object]> {
    const sent = new URLSearchParams(await text(request));
    const proof = this.#proofOf(request, sent);
    if (proof === null) return [401, { error: 'invalid_client', error_description: 'canary' }];
    this.proofs.push(proof);
    const code = sent.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant?.challenge !== challenge || sent.get('redirect_uri') !== grant.redirectUri) {
      return [400, { error: 'invalid_grant', error_description: 'canary' }];
    }
    return [200, { access_token: 'access', token_type: 'bearer', id_token: await this.#idToken(grant.nonce) }];
  }

  #proofOf(request: IncomingMessage, sent: URLSearchParams): string | null {
    const { clientId, clientSecret } = CLIENT;
    if (sent.get('client_secret') === clientSecret && sent.get('client_id') === clientId) return 'post';
    const form = (value: string) => new URLSearchParams({ value }).toString().slice('value='.length);
    const basic = Buffer.from(`${form(clientId)}:${form(clientSecret)}`).toString('base64');
    return request.headers.authorization === `Basic ${basic}` ? 'basic' : null;
  }

  #idToken(nonce: string): Promise<string> {
    if (this.#keys === undefined) throw new Error('the provider has not started');
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: this.issuer, sub: 'subject-1', aud: CLIENT.clientId, iat: now, exp: now + 60, nonce };
    return new SignJWT({ ...own, ...this.claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(this.signsWrongly ? this.#keys.other : this.#keys.own);
  }
}
