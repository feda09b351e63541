import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { controlApi } from '../../src/client/control-api.ts';
import { httpProfileService } from '../../src/client/http-profile-service.ts';
import { freePort } from '../free-port.ts';
import { throughProxy } from '../postgres-url.ts';
import { RawBrowser } from '../raw-browser.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { GatewayProcess } from './gateway-process.ts';
import { RedisProcess } from './redis-process.ts';
import { SoakDatabase } from './soak-database.ts';

export interface ClusterOptions {
  /** URL of a PostgreSQL server; the run makes a database of its own on it. */
  readonly serverUrl: string;
  /** What runs a server, and its arguments. */
  readonly program: readonly [string, ...string[]];
  readonly gateways: number;
  /** Counts limits in a Redis of the run's own, or in each gateway. */
  readonly withRedis: boolean;
  /** Lets gateways past their proxies, for whoever measures and breaks nothing: each proxy costs time, and that of the run. */
  readonly isDirect?: boolean;
}

/** One gateway, with its own ways to what it needs. */
export interface Gateway {
  readonly process: GatewayProcess;
  readonly toDatabase: TcpProxy;
  readonly toRedis: TcpProxy | null;
}

const EMAIL = 'olga@example.com';
const PASSWORD = 'correct horse battery';

/** Server processes that share a database, each reaching it through a proxy of its own. */
export class Cluster {
  readonly gateways: readonly Gateway[];
  readonly database: SoakDatabase;
  readonly redis: RedisProcess | null;
  readonly #directory: string;

  private constructor(
    gateways: readonly Gateway[],
    database: SoakDatabase,
    redis: RedisProcess | null,
    directory: string,
  ) {
    this.gateways = gateways;
    this.database = database;
    this.redis = redis;
    this.#directory = directory;
  }

  /** Resolves when all gateways serve. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const database = await SoakDatabase.create(options.serverUrl);
    const redis = options.withRedis ? await RedisProcess.start() : null;
    const directory = mkdtempSync(join(tmpdir(), 'outkit-soak-'));
    writeFileSync(join(directory, 'outkit.secret'), randomBytes(48).toString('base64'), { mode: 0o600 });
    writeFileSync(join(directory, 'owner.password'), PASSWORD, { mode: 0o600 });
    const names = Array.from({ length: options.gateways }, (_, index) => `gateway-${index + 1}`);
    const gateways = await Promise.all(
      names.map((name) => prepareGateway(name, { ...options, directory, database, redis })),
    );
    const cluster = new Cluster(gateways, database, redis, directory);
    try {
      await Promise.all(gateways.map(({ process }) => process.start()));
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** The credential of the owner's session, and a profile for keys. */
  async signIn(): Promise<{ readonly credential: string; readonly profileId: string }> {
    const [first] = this.gateways;
    const url = `http://127.0.0.1:${first?.process.port}`;
    const browser = new RawBrowser({ url, publicUrl: url });
    await browser.get('/sign-in');
    const { status } = await browser.post('/sign-in', { next: '/', email: EMAIL, password: PASSWORD });
    const credential = browser.cookies.get('outkit');
    if (credential === undefined) throw new Error(`signing in was answered with ${status}`);
    const profiles = httpProfileService(controlApi({ url, token: credential }));
    const { id } = await profiles.create({ name: 'Soak', plan: 'pro', design: {} });
    return { credential, profileId: id };
  }

  /** Ends everything that it started, however it is. Resolves to the exit codes of the gateways, which are asked to stop. */
  async close(): Promise<readonly (number | null)[]> {
    const exitCodes = await Promise.all(this.gateways.map(({ process }) => process.close()));
    await Promise.all(this.gateways.flatMap(({ toDatabase, toRedis }) => [toDatabase.close(), toRedis?.close()]));
    await this.redis?.kill();
    await this.database.drop();
    rmSync(this.#directory, { recursive: true });
    return exitCodes;
  }
}

interface GatewayParts extends Pick<ClusterOptions, 'program' | 'isDirect'>, Pick<Cluster, 'database' | 'redis'> {
  readonly directory: string;
}

async function prepareGateway(name: string, parts: GatewayParts): Promise<Gateway> {
  const { program, isDirect = false, directory, database, redis } = parts;
  const { hostname: host, port: databasePort } = new URL(database.url);
  const toDatabase = await TcpProxy.listen({ host, port: Number(databasePort || 5432) });
  const toRedis = redis === null ? null : await TcpProxy.listen({ host: '127.0.0.1', port: redis.port });
  const port = await freePort();
  const own = join(directory, name);
  mkdirSync(own, { mode: 0o700 });
  const limits: Record<string, string> =
    redis === null || toRedis === null
      ? { OUTKIT_LIMITS: 'per-gateway' }
      : { REDIS_URL: `redis://127.0.0.1:${isDirect ? redis.port : toRedis.port}` };
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: own,
    TZ: 'UTC',
    OUTKIT_NO_KEYCHAIN: '1',
    DATABASE_URL: isDirect ? database.url : throughProxy(database.url, toDatabase),
    ...limits,
    OUTKIT_GATEWAY_NAME: name,
    OUTKIT_DATA_DIR: join(own, 'data'),
    OUTKIT_PORT: String(port),
    OUTKIT_SECRET_FILE: join(directory, 'outkit.secret'),
    OUTKIT_OWNER_EMAIL: EMAIL,
    OUTKIT_OWNER_PASSWORD_FILE: join(directory, 'owner.password'),
    OUTKIT_LOG_LEVEL: 'error',
  };
  return { process: new GatewayProcess({ name, port, program, directory: own, env }), toDatabase, toRedis };
}
