import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AUTHOR } from '../../test/contract/key-store/samples.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import type { ServerHealth } from '../api/health.ts';
import type { AuditService } from '../core/audit-service.ts';
import { OutkitError } from '../core/errors.ts';
import type { EventService } from '../core/event-service.ts';
import type { GatewayReport, KeyService } from '../core/key-service.ts';
import type { ProfileService } from '../core/profile-service.ts';
import { auditServices } from '../services/audit-services.ts';
import { createCursors } from '../services/cursor.ts';
import { keyServices } from '../services/key-services.ts';
import { profileServices } from '../services/profile-services.ts';
import { MemoryKeyStore } from '../storage/memory/memory-key-store.ts';
import type { Keychain } from './credentials/keychain.ts';
import { FakeEvents } from './events.fixture.ts';
import { FakeGateways } from './gateways.fixture.ts';
import type { Environ, Io, OutStream } from './io.ts';
import { FakePeople } from './people.fixture.ts';
import { runProgram } from './program.ts';
import type { Prompts } from './prompts.ts';
import type { Connection, Services } from './session.ts';
import { VERSION } from './version.ts';

export const NOON = Date.parse('2026-11-23T12:00:00Z');
export const PROFILE = 'prof_2222222222222222';
export const SERVER = 'http://127.0.0.1:4680';
export const ESC = '\x1b';

/** `cancel` is Ctrl-C. */
export type Answer = boolean | string | 'cancel';

export interface MachineOptions {
  readonly env?: Environ;
  /** Standard input, output and error are terminals. */
  readonly tty?: boolean;
  readonly stdoutTTY?: boolean;
  readonly columns?: number;
  readonly answers?: readonly Answer[];
  readonly clipboard?: 'works' | 'missing';
  readonly browser?: 'works' | 'missing';
  /** What stands on standard input. */
  readonly input?: string;
  /** Called at each wait, before time passes. */
  readonly waiting?: (fake: FakeIo) => void;
}

/** What one run left behind. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly questions: readonly string[];
  readonly copied: readonly string[];
  readonly opened: readonly string[];
  /** How long was waited, in milliseconds. */
  readonly waits: readonly number[];
}

/** A project in a temporary home, and a server in memory: the real services over the memory store. Goes away with the test. */
export class Machine {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-cli-')));
  readonly cwd = this.home;
  now = NOON;
  /** What the server says of itself; may throw. */
  health: () => ServerHealth = () => ({ status: 'ok', version: VERSION, time: this.now });
  gateways: GatewayReport = { confirmed: 1, waitedOut: 0, ms: 3.2, unconfirmed: [] };
  /** What the command was given to speak to, in the order of the runs. */
  readonly accesses: Connection[] = [];
  /** The calls of services that change something, and the questions and writes between them. */
  readonly events: string[] = [];
  /** What the keychain holds; `null` while there is none. */
  keychain: Map<string, string> | null = null;
  readonly server = new FakePeople(() => this.now);
  readonly log = new FakeEvents();
  readonly members = new FakeGateways(() => this.now);
  readonly #random = seededRandom(7);
  readonly #services: Omit<Services, 'people' | 'teams' | 'me' | 'device'>;

  private constructor(store: MemoryKeyStore) {
    const clock = { now: () => this.now };
    const caller = {
      teamId: 'team_2222222222222222',
      name: 'local',
      personId: null,
      session: null,
      client: 'outkit/1.2.3',
      ip: '127.0.0.1',
    };
    const ports = {
      store,
      cursors: createCursors(this.#random(new Uint8Array(32))),
      clock,
      fillRandom: this.#random,
      gateways: {
        putInForce: async () => this.gateways,
        putProfileInForce: async () => this.gateways,
        limitScope: 'shared' as const,
        headroomOf: async () => ({ limit: 100, remaining: 88, resetAt: this.now + 22_400 }),
        flushUsage: async () => {},
      },
    };
    const keys = this.#recorded(keyServices(ports, caller));
    this.#services = {
      keys,
      profiles: profileServices(ports, caller),
      audit: auditServices(ports, caller),
      events: this.log,
      gateways: this.members,
      health: async () => this.health(),
    };
    onTestFinished(() => rmSync(this.home, { recursive: true, force: true }));
  }

  static async start(): Promise<Machine> {
    const store = new MemoryKeyStore();
    const team = { id: 'team_2222222222222222', name: 'Local', createdAt: NOON };
    await store.insertTeam(team);
    const profile = {
      id: PROFILE,
      teamId: team.id,
      name: 'Default',
      plan: 'pro',
      design: {},
      createdAt: NOON,
      archivedAt: null,
    } as const;
    await store.insertProfile(profile, AUTHOR);
    const machine = new Machine(store);
    machine.write('outkit.json', `{ "profile": "${PROFILE}" }\n`);
    return machine;
  }

  get keys(): KeyService {
    return this.#services.keys;
  }

  /** Replaces methods of the key service for what follows; they can call the real ones through `keys` taken before. */
  override(methods: Partial<KeyService>): void {
    Object.assign(this.#services.keys, methods);
  }

  get audit(): AuditService {
    return this.#services.audit;
  }

  /** The same for the audit log. */
  overrideAudit(methods: Partial<AuditService>): void {
    Object.assign(this.#services.audit, methods);
  }

  /** The same for the log of requests. */
  overrideEvents(methods: Partial<EventService>): void {
    Object.assign(this.log, methods);
  }

  get profiles(): ProfileService {
    return this.#services.profiles;
  }

  /** The same for the profile service. */
  overrideProfiles(methods: Partial<ProfileService>): void {
    Object.assign(this.#services.profiles, methods);
  }

  write(name: string, contents: string): void {
    writeFileSync(join(this.cwd, name), contents);
  }

  async run(argv: readonly string[], options: MachineOptions = {}): Promise<Finished> {
    return this.runWith(argv, this.io(options));
  }

  async runWith(argv: readonly string[], io: FakeIo): Promise<Finished> {
    const exitCode = await runProgram(argv, io, async (access) => {
      this.accesses.push(access);
      return this.#servicesFor(access);
    });
    return {
      exitCode,
      stdout: io.written.stdout,
      stderr: io.written.stderr,
      questions: io.questions,
      copied: io.copied,
      opened: io.opened,
      waits: io.waits,
    };
  }

  /** A key made through the command line; resolves to its id and plaintext. */
  async newKey(...flags: string[]): Promise<{ id: string; plaintext: string }> {
    const { stdout } = await this.run(['keys', 'create', '-n', 'dev key', '--json', ...flags]);
    const { id, key } = JSON.parse(stdout);
    return { id, plaintext: key };
  }

  /** A profile called Web, made through the command line; resolves to its id. */
  async newProfile(...flags: string[]): Promise<string> {
    const { stdout } = await this.run(['profiles', 'create', '-n', 'Web', ...flags]);
    return stdout.trim();
  }

  io(options: MachineOptions = {}): FakeIo {
    const env = { OUTKIT_API_URL: SERVER, OUTKIT_TOKEN: 'token', ...options.env };
    return new FakeIo(this, { ...options, env }, this.#random);
  }

  #servicesFor({ url, token }: Connection): Services {
    const { server } = this;
    const device = {
      request: async () => ({ ...server.requestCode(), page: `${url}/device` }),
      redeem: () => server.redeem(),
    };
    return { ...this.#services, ...server.servicesFor(token), device };
  }

  #recorded(keys: KeyService): KeyService {
    const events = this.events;
    const changes = ['create', 'update', 'rotate', 'endGrace', 'extendGrace', 'cancelRotation', 'revoke'];
    return new Proxy(keys, {
      get(target, name, receiver) {
        if (changes.includes(String(name))) events.push(String(name));
        return Reflect.get(target, name, receiver);
      },
    });
  }
}

/** Streams, terminal and person of one run. */
export class FakeIo implements Io {
  readonly written = { stdout: '', stderr: '' };
  readonly questions: string[] = [];
  readonly copied: string[] = [];
  readonly opened: string[] = [];
  readonly waits: number[] = [];
  readonly exits: number[] = [];
  readonly env: Environ;
  readonly cwd: string;
  readonly home: string;
  readonly userId = process.getuid?.() ?? null;
  readonly pid = process.pid;
  readonly node = { version: 'v24.21.0', path: '/usr/bin/node' };
  readonly nodeFlags = [];
  readonly stdin: { readonly isTTY: boolean };
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly fillRandom: Io['fillRandom'];
  readonly #machine: Machine;
  readonly #answers: Answer[];
  readonly #hasClipboard: boolean;
  readonly #options: MachineOptions;
  readonly #signals = new Map<string, () => void>();

  constructor(machine: Machine, options: MachineOptions, fillRandom: Io['fillRandom']) {
    const { env = {}, tty = false, stdoutTTY = tty, columns = 100, answers = [], clipboard = 'works' } = options;
    this.#machine = machine;
    this.#answers = [...answers];
    this.#hasClipboard = clipboard === 'works';
    this.#options = options;
    this.env = env;
    this.cwd = machine.cwd;
    this.home = machine.home;
    this.stdin = { isTTY: tty };
    this.stdout = this.#stream('stdout', stdoutTTY, columns);
    this.stderr = this.#stream('stderr', tty, columns);
    this.fillRandom = fillRandom;
  }

  now(): number {
    return this.#machine.now;
  }

  readonly onSignal = (signal: string, handler: () => void): (() => void) => {
    this.#signals.set(signal, handler);
    return () => this.#signals.delete(signal);
  };

  /** Sends a signal, as Ctrl-C does with `SIGINT`. */
  signal(signal: string): void {
    this.#signals.get(signal)?.();
  }

  onOutputClosed(): void {}
  isAlive(pid: number): boolean {
    return pid === process.pid;
  }

  async openPrompts(): Promise<Prompts> {
    return {
      confirm: async (question, initial) => {
        const answer = this.#next(question);
        return typeof answer === 'boolean' ? answer : initial;
      },
      text: async (question) => String(this.#next(question)),
      select: async (question) => String(this.#next(question)),
    };
  }

  async copyToClipboard(text: string): Promise<void> {
    this.#machine.events.push('clipboard');
    if (!this.#hasClipboard) throw new Error('none');
    this.copied.push(text);
  }

  async openKeychain(): Promise<Keychain> {
    const { keychain } = this.#machine;
    return {
      read: async (server) => (keychain === null ? 'failed' : (keychain.get(server) ?? null)),
      write: async (server, credential) => keychain?.set(server, credential) !== undefined,
      remove: async (server) => keychain !== null && (keychain.delete(server) || true),
    };
  }

  async openBrowser(url: string): Promise<void> {
    if (this.#options.browser === 'missing') throw new Error('none');
    this.opened.push(url);
  }

  async openPageFile(path: string): Promise<void> {
    await this.openBrowser(path);
  }

  async readInput(maxBytes: number): Promise<string> {
    const { input = '' } = this.#options;
    if (input.length > maxBytes) throw new OutkitError('usage', 'too much');
    return input;
  }

  async wait(spanMs: number, signal?: AbortSignal): Promise<void> {
    this.#options.waiting?.(this);
    if (signal?.aborted === true) return;
    this.waits.push(spanMs);
    this.#machine.now += spanMs;
  }

  exitNow(code: number): void {
    this.exits.push(code);
  }

  #next(question: string): Answer {
    this.questions.push(question);
    this.#machine.events.push('question');
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error(`nobody expected the question: ${question}`);
    if (answer === 'cancel') throw new OutkitError('cancelled', 'Cancelled: nothing was changed');
    return answer;
  }

  #stream(name: 'stdout' | 'stderr', isTTY: boolean, columns: number): OutStream {
    return {
      isTTY,
      columns,
      write: (text) => {
        this.written[name] += text;
        if (name === 'stdout') this.#machine.events.push('stdout');
      },
    };
  }
}
