import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { controlApi } from '../src/client/control-api.ts';
import { httpAuditService } from '../src/client/http-audit-service.ts';
import { httpEventHistory } from '../src/client/http-event-service.ts';
import { httpGatewayService } from '../src/client/http-gateway-service.ts';
import { httpKeyService } from '../src/client/http-key-service.ts';
import { httpProfileService } from '../src/client/http-profile-service.ts';
import type { ChainHead } from '../src/core/audit.ts';
import type { AuditService } from '../src/core/audit-service.ts';
import type { EventService } from '../src/core/event-service.ts';
import type { GatewayService } from '../src/core/gateway-service.ts';
import type { KeyService } from '../src/core/key-service.ts';
import type { ProfileService } from '../src/core/profile-service.ts';
import type { RenderLine } from '../src/server/render-watch.ts';
import { type RunningServer, startLocalServer } from '../src/server/server.ts';
import type { UsageSync } from '../src/storage/journal/open-journal.ts';
import { NOON } from './key-builder.ts';
import { seededRandom } from './seeded-random.ts';

export const LOCAL_TOKEN = 'okl_test-token-of-this-suite';

/** A real server on a real database in a temporary directory, whose time only moves when the test says so. */
export class TestServer {
  readonly dataDirectory: string;
  readonly lines: RenderLine[] = [];
  readonly problems: unknown[] = [];
  readonly auditHeads: ChainHead[] = [];
  /** What the server told its operator that is no failure. */
  readonly notices: string[] = [];
  readonly #fillRandom = seededRandom(Date.now());
  #running: RunningServer | undefined;
  #wall = NOON;

  readonly #usageSync: UsageSync;

  private constructor(dataDirectory: string, usageSync: UsageSync) {
    this.dataDirectory = dataDirectory;
    this.#usageSync = usageSync;
  }

  /** `prepare` may fill the database before the server opens it. */
  static async start(
    prepare: (dataDirectory: string) => Promise<void> = async () => {},
    usageSync: UsageSync = 'second',
  ): Promise<TestServer> {
    const server = new TestServer(await mkdtemp(join(tmpdir(), 'outkit-server-')), usageSync);
    await prepare(server.dataDirectory);
    await server.#open();
    return server;
  }

  get url(): string {
    return this.#server.url;
  }

  get profileId(): string {
    return this.#server.profile.id;
  }

  get keys(): KeyService {
    return httpKeyService(controlApi({ url: this.url, token: LOCAL_TOKEN }));
  }

  get profiles(): ProfileService {
    return httpProfileService(controlApi({ url: this.url, token: LOCAL_TOKEN }));
  }

  get audit(): AuditService {
    return httpAuditService(controlApi({ url: this.url, token: LOCAL_TOKEN }));
  }

  get events(): Pick<EventService, 'list'> {
    return httpEventHistory(controlApi({ url: this.url, token: LOCAL_TOKEN }));
  }

  get gateways(): GatewayService {
    return httpGatewayService(controlApi({ url: this.url, token: LOCAL_TOKEN }));
  }

  /** All metrics, in the text format of Prometheus. */
  async metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  /** Resolves when a metric without labels has this value. */
  async untilMetric(name: string, value: number): Promise<void> {
    await vi.waitUntil(async () => new RegExp(`^${name} ${value}$`, 'm').test(await this.metrics()), {
      timeout: 10_000,
      interval: 1,
    });
  }

  now(): number {
    return this.#wall;
  }

  advance(byMs: number): void {
    this.#wall += byMs;
  }

  /** `meanwhile` may look into the database while no server has it. */
  async restart(meanwhile: (dataDirectory: string) => Promise<void> = async () => {}): Promise<void> {
    await this.#server.close();
    await meanwhile(this.dataDirectory);
    await this.#open();
  }

  async stop(): Promise<void> {
    await this.#server.close();
    await rm(this.dataDirectory, { recursive: true });
  }

  get #server(): RunningServer {
    if (this.#running === undefined) throw new Error('the server is not running');
    return this.#running;
  }

  async #open(): Promise<void> {
    this.#running = await startLocalServer({
      version: '1.2.3',
      dataDirectory: this.dataDirectory,
      host: '127.0.0.1',
      port: 0,
      token: async () => LOCAL_TOKEN,
      profileId: null,
      fillRandom: this.#fillRandom,
      usageSync: this.#usageSync,
      // A clock that stands still and one monotonic clock with it: only `advance` moves time.
      time: { wallNow: () => this.#wall, monotonicNow: () => 0 },
      onRender: (line) => this.lines.push(line),
      onAuditHead: (head) => void this.auditHeads.push(head),
      onFailed: (error) => this.problems.push(['failed', error]),
      onProblem: (what, error) => void (error === null ? this.notices.push(what) : this.problems.push([what, error])),
    });
  }
}
