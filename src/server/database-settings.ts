import { hostname } from 'node:os';
import type { LimitScope } from '../core/key-service.ts';
import { readSecretOf } from './account-settings.ts';
import type { GatheredSettings } from './gathered-settings.ts';

/** Where the data is, and what this server shares with others. */
export interface DatabaseSettings {
  /** Of a PostgreSQL server; `null` keeps the data in the data directory. */
  readonly databaseUrl: string | null;
  /** Where requests are counted that several gateways limit together. */
  readonly redisUrl: string | null;
  readonly limits: LimitScope;
  /** What people call this gateway. */
  readonly gatewayName: string;
  /** Processes that share the port, each a gateway. */
  readonly workers: number;
}

/** Never repeats a URL: there may be a password in it. */
export function readDatabase(gathered: GatheredSettings, userId: number | null): DatabaseSettings {
  const databaseUrl = readUrl(
    gathered,
    'databaseUrl',
    userId,
    /^postgres(ql)?:\/\//,
    'postgres://user@host:5432/database',
  );
  const redisUrl = readUrl(gathered, 'redisUrl', userId, /^rediss?:\/\//, 'redis://host:6379');
  const { limits = 'shared', gatewayName = hostname(), workers = 1 } = gathered.values;
  for (const name of ['redisUrl', 'redisUrlFile', 'limits', 'gatewayName', 'workers'] as const) {
    if (databaseUrl !== null || !gathered.isGiven(name) || isUrlGiven(gathered)) continue;
    gathered.refuse(name, 'is for several servers on one database: give DATABASE_URL too, or leave it out');
  }
  if (redisUrl !== null && gathered.values.limits === 'per-gateway') {
    gathered.refuse('limits', 'is per-gateway, so that nothing is counted in Redis: leave one of them out');
  }
  if (workers > 1 && redisUrl === null && limits === 'shared' && isUrlGiven(gathered)) {
    gathered.refuse(
      'workers',
      'needs REDIS_URL, so that rate limits are shared, or --limits per-gateway if that is wanted',
    );
  }
  return { databaseUrl, redisUrl, limits, gatewayName, workers };
}

function isUrlGiven(gathered: GatheredSettings): boolean {
  return gathered.isGiven('databaseUrl') || gathered.isGiven('databaseUrlFile');
}

function readUrl(
  gathered: GatheredSettings,
  name: 'databaseUrl' | 'redisUrl',
  userId: number | null,
  scheme: RegExp,
  example: string,
): string | null {
  const fileName = `${name}File` as const;
  const given = gathered.values[name];
  if (given !== undefined && gathered.isGiven(fileName)) {
    gathered.refuse(fileName, 'is given beside the URL itself: leave one of them out');
    return null;
  }
  const url = given ?? readSecretOf(gathered, fileName, userId);
  if (url === null) return null;
  if (scheme.test(url) && URL.canParse(url)) return url;
  const what = given === undefined ? 'names a file whose text must be' : 'must be';
  gathered.refuse(given === undefined ? fileName : name, `${what} a URL such as ${example}`);
  return null;
}
