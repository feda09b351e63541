import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlApi } from '../src/client/control-api.ts';
import { httpAuditService } from '../src/client/http-audit-service.ts';
import { httpEventHistory } from '../src/client/http-event-service.ts';
import { httpGatewayService } from '../src/client/http-gateway-service.ts';
import { httpKeyService } from '../src/client/http-key-service.ts';
import { httpMeService, httpPeopleService, httpTeamService } from '../src/client/http-people-service.ts';
import { httpPreviewService } from '../src/client/http-preview-service.ts';
import { httpProfileService } from '../src/client/http-profile-service.ts';
import type { Role } from '../src/core/authorization.ts';
import type { ServeConfig } from '../src/server/serve-config.ts';
import type { ServingServer } from '../src/server/serve-options.ts';
import { startServer } from '../src/server/server.ts';
import { openServerLog } from '../src/server/server-log.ts';
import { freePort } from './free-port.ts';
import { NOON } from './key-builder.ts';
import { RawBrowser } from './raw-browser.ts';
import { seededRandom } from './seeded-random.ts';

export const PASSWORD = 'correct horse battery';

/** Somebody with an account, and the credential of a session. */
export interface TestPerson {
  readonly email: string;
  readonly credential: string;
}

let servers = 0;

/** A real server for people, on a real database in a temporary directory. Its own clock only moves when the test says so; on a database server it is that of the database. */
export class AccountsServer {
  readonly dataDirectory: string;
  readonly log: string[] = [];
  /** The link for a new password that it printed at its last start. */
  resetLink: string | null = null;
  readonly #config: ServeConfig;
  readonly #fillRandom = seededRandom(20261125 + servers++);
  #running: ServingServer | undefined;
  #setupLink: string | null = null;
  #resetEmail: string | null = null;
  #wall = NOON;

  private constructor(config: ServeConfig) {
    this.dataDirectory = config.dataDirectory;
    this.#config = config;
  }

  static async start(more: Partial<ServeConfig> = {}): Promise<AccountsServer> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'outkit-accounts-server-'));
    const port = await freePort();
    const server = new AccountsServer({
      dataDirectory,
      host: '127.0.0.1',
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      hosts: ['127.0.0.1'],
      trustedProxies: [],
      secret: 'Zk3vN0q8Yx1rT6uW9bC4dE7fG2hJ5kL8',
      owner: null,
      oidc: null,
      smtp: null,
      auditHeadsFile: null,
      usageSync: 'second',
      databaseUrl: null,
      redisUrl: null,
      limits: 'shared',
      gatewayName: 'test',
      workers: 1,
      metricsToken: null,
      eventDays: 7,
      eventLimit: 1_000_000,
      logLevel: 'info',
      ...more,
    });
    await server.#open();
    return server;
  }

  get url(): string {
    return this.#config.publicUrl;
  }

  /** The link that it printed at its last start. */
  get setupLink(): string {
    if (this.#setupLink === null) throw new Error('the server printed no setup link');
    return this.#setupLink;
  }

  get hasSetupLink(): boolean {
    return this.#setupLink !== null;
  }

  now(): number {
    return this.#wall;
  }

  advance(byMs: number): void {
    this.#wall += byMs;
  }

  /** `resetEmail` is somebody who is to set a new password. */
  async restart(resetEmail: string | null = null): Promise<void> {
    this.#resetEmail = resetEmail;
    await this.#running?.close();
    await this.#open();
  }

  async stop(): Promise<void> {
    await this.#running?.close();
    await rm(this.dataDirectory, { recursive: true });
  }

  /** The services of somebody, over the control API. */
  as({ credential }: TestPerson) {
    const call = controlApi({ url: this.url, token: credential, userAgent: 'test/1' });
    return {
      call,
      me: httpMeService(call),
      teams: httpTeamService(call),
      people: httpPeopleService(call),
      profiles: httpProfileService(call),
      previews: httpPreviewService(call),
      audit: httpAuditService(call),
      keys: httpKeyService(call),
      events: httpEventHistory(call),
      gateways: httpGatewayService(call),
    };
  }

  /** Sets the server up, as its first owner. */
  async owner(email = 'olga@example.com', teamName = 'Engines'): Promise<TestPerson> {
    const token = new URL(this.setupLink).searchParams.get('token') ?? '';
    const fields = { token, email, name: 'Olga', password: PASSWORD, password_again: PASSWORD, team_name: teamName };
    return { email, credential: await this.submit(`/setup?token=${token}`, '/setup', fields) };
  }

  /** Invites somebody without an account, who comes in. */
  async join(inviter: TestPerson, teamId: string, email: string, role: Role): Promise<TestPerson> {
    this.advance(1);
    const { url } = await this.as(inviter).people.invite(teamId, email, role);
    const path = new URL(url).pathname;
    const fields = { name: 'Somebody', password: PASSWORD, password_again: PASSWORD };
    return { email, credential: await this.submit(path, path, fields) };
  }

  async signIn(email: string, password = PASSWORD): Promise<TestPerson> {
    return { email, credential: await this.submit('/sign-in', '/sign-in', { email, password, next: '/' }) };
  }

  /** A browser of somebody who is not signed in. */
  browser(): RawBrowser {
    return new RawBrowser({ url: this.url, publicUrl: this.url });
  }

  /** Fills in the form of a page as a browser would, and resolves to the credential of the session that it starts. */
  async submit(page: string, action: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const browser = this.browser();
    await browser.get(page);
    const { status, body } = await browser.post(action, fields, { headers: [['user-agent', 'Browser/1']] });
    if (status !== 303) throw new Error(`${action} answered ${status}: ${body}`);
    return browser.cookies.get('outkit') ?? '';
  }

  async #open(): Promise<void> {
    this.#setupLink = null;
    this.#running = await startServer({
      config: this.#config,
      version: '1.2.3',
      time:
        this.#config.databaseUrl === null
          ? { wallNow: () => this.#wall, monotonicNow: () => 0 }
          : { wallNow: () => Date.now(), monotonicNow: () => performance.now() },
      fillRandom: this.#fillRandom,
      log: openServerLog({
        level: this.#config.logLevel,
        clock: { now: () => this.#wall },
        write: (line) => this.log.push(line),
      }),
      onFailed: (error) => this.log.push(`failed: ${error.message}`),
      resetEmail: this.#resetEmail,
      onResetLink: (url) => {
        this.resetLink = url;
      },
      onSetupLink: (url) => {
        this.#setupLink = url;
      },
    });
  }
}
