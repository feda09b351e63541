import type { AsyncLocalStorage } from 'node:async_hooks';
import { type BetterAuthOptions, type BetterAuthPlugin, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { deviceAuthorization } from 'better-auth/plugins/device-authorization';
import { type Dialect, Kysely } from 'kysely';
import { DEVICE_CLIENT_ID, type Origin } from '../core/accounts.ts';
import { type Clock, type IdPrefix, newId } from '../core/clock.ts';
import type { FillRandom } from '../core/secret.ts';
import { hashOfToken, newToken } from '../core/token.ts';
import { newUserCode } from './user-code.ts';

/** Where accounts are kept: a dialect of Kysely whose transactions are durable and alone. */
export interface AccountsDatabase {
  readonly dialect: Dialect;
  readonly type: 'sqlite' | 'postgres';
}

export interface AuthParts {
  readonly database: AccountsDatabase;
  /** For what better-auth signs. Nothing that it signs is handed out. */
  readonly secret: string;
  /** Origin under which people reach the server. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  /** Told what better-auth would have logged. */
  readonly onProblem: (what: string, error: unknown) => void;
}

/** The request of a device, while better-auth writes it down: it calls back without saying for which request. */
export interface AskingDevice {
  readonly origin: Origin;
  /** Set to the code that the device gets; the database has its hash. */
  deviceCode: string;
}

/** How long a device code lives, and how far apart two polls have to be. */
export const DEVICE_CODE_LIFE = { text: '10m', ms: 600_000 } as const;
export const POLL_INTERVAL = { text: '5s', ms: 5_000 } as const;

const ID_PREFIXES: Readonly<Record<string, IdPrefix>> = { user: 'person', session: 'session' };
const DEVICE_TABLE = 'auth_device_code';

export type Auth = Awaited<ReturnType<typeof openAuth>>;

/**
 * better-auth over the database, brought to its schema. It is called in this process only: its HTTP handler is never mounted. So it is
 * without cookies, rate limits and telemetry.
 */
export async function openAuth(parts: AuthParts, asking: AsyncLocalStorage<AskingDevice>) {
  const db = new Kysely<unknown>({ dialect: parts.database.dialect });
  const { type } = parts.database;
  const options = authOptions(parts, asking);
  await db.transaction().execute(async (transaction) => {
    const { runMigrations } = await getMigrations({ ...options, database: { db: transaction, type } });
    await runMigrations();
  });
  return betterAuth({ ...options, database: { db, type, transaction: true } });
}

function authOptions(
  { secret, baseUrl, clock, fillRandom, onProblem }: AuthParts,
  asking: AsyncLocalStorage<AskingDevice>,
) {
  return {
    // As `secret` it would yield to a variable of the environment, which may be meant for another program.
    secrets: [{ version: 1, value: secret }],
    baseURL: baseUrl,
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'warn',
      // The other details may quote what was asked for.
      log: (_level, what, ...details) =>
        onProblem(
          what,
          details.find((detail) => detail instanceof Error),
        ),
    },
    advanced: {
      database: {
        generateId: ({ model }) => newId(ID_PREFIXES[model] ?? 'auth', fillRandom),
        validateSchema: false,
      },
    },
    user: { modelName: 'auth_user' },
    session: { modelName: 'auth_session' },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    plugins: [
      deviceAuthorization({
        expiresIn: DEVICE_CODE_LIFE.text,
        interval: POLL_INTERVAL.text,
        validateClient: (clientId) => clientId === DEVICE_CLIENT_ID,
        generateUserCode: () => newUserCode(fillRandom),
        generateDeviceCode: () => {
          const device = askingDevice(asking);
          device.deviceCode = `okdc_${newToken(fillRandom)}`;
          return hashOfToken(device.deviceCode);
        },
        schema: { deviceCode: { modelName: DEVICE_TABLE } },
      }),
      ownColumns(clock, asking),
    ],
  } satisfies BetterAuthOptions;
}

/** What better-auth has no columns for, filled where it inserts, so that no row is ever without. */
function ownColumns(clock: Clock, asking: AsyncLocalStorage<AskingDevice>) {
  return {
    id: 'outkit',
    schema: {
      account: { fields: {}, indexes: [{ fields: ['providerId', 'accountId'], unique: true }] },
      deviceCode: {
        modelName: DEVICE_TABLE,
        fields: {
          requestedAt: { type: 'date', required: true, defaultValue: () => new Date(clock.now()) },
          ip: { type: 'string', required: true, defaultValue: () => askingDevice(asking).origin.ip },
          agent: { type: 'string', required: true, defaultValue: () => askingDevice(asking).origin.agent },
          tries: { type: 'number', required: true, defaultValue: 0 },
        },
      },
    },
  } satisfies BetterAuthPlugin;
}

function askingDevice(asking: AsyncLocalStorage<AskingDevice>): AskingDevice {
  const device = asking.getStore();
  if (device === undefined) throw new Error('A device code is made for the request of a device only.');
  return device;
}
