import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What each folder of `src/` may import: other folders, and packages. ARCHITECTURE.md says why. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['node:crypto'],
  api: ['core', 'valibot'],
  services: ['core', 'node:crypto'],
  storage: ['core', 'kysely', 'pg', 'node:*'],
  accounts: [
    'core',
    'better-auth',
    'better-auth/api',
    'better-auth/crypto',
    'better-auth/db/migration',
    'better-auth/plugins/device-authorization',
    'kysely',
    'node:*',
    'nodemailer',
    'openid-client',
    'rate-limiter-flexible',
  ],
  gateway: ['core'],
  limits: ['core', 'gateway', '@redis/client', 'node:*'],
  renderer: ['core', 'markdown-it', 'valibot', '@valibot/to-json-schema'],
  client: ['core', 'api', 'eventsource-parser', 'valibot'],
  proxy: ['node:fs/promises', 'node:http', 'node:stream', 'node:stream/promises'],
  stream: [],
  server: [
    'core',
    'api',
    'services',
    'storage',
    'gateway',
    'limits',
    'renderer',
    'accounts',
    '@valibot/to-json-schema',
    'fastify',
    'pino',
    'prom-client',
    'valibot',
    'node:*',
  ],
  cli: [
    'core',
    'api',
    'client',
    'server',
    '@clack/prompts',
    '@napi-rs/keyring',
    'commander',
    'fastest-levenshtein',
    'picocolors',
    'string-width',
    'valibot',
    'package.json',
    'node:*',
  ],
};

interface SourceFile {
  /** From `src/`, such as `core/key.ts`. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
}

const files: readonly SourceFile[] = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => {
    const path = relative(join(ROOT, 'src'), join(entry.parentPath, entry.name));
    const isTest = /\.(test|fixture)\.ts$/.test(path);
    return { path, text: readFileSync(join(ROOT, 'src', path), 'utf8'), isTest };
  });

/** Texts of code for other people's apps: what they import and touch is not ours. */
const TEMPLATES = /^cli\/framework\/(?:page-next|proxy-(?:node|template|web))\.ts$/;
const sources = files.filter((file) => !file.isTest && !TEMPLATES.test(file.path));

function importsOf({ text }: SourceFile): string[] {
  return specifiersOf(text);
}

function specifiersOf(text: string): string[] {
  const statements = text.matchAll(/(?:^|[^.\w])(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...statements].map((match) => match[1] as string);
}

/** `core` for a file of ours in that folder, else the package or file that is named. */
function targetOf(file: SourceFile, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = join(dirname(file.path), specifier);
  return path.startsWith('..') ? path.replaceAll('../', '') : (path.split('/')[0] as string);
}

function isAllowed(target: string, allowed: readonly string[]): boolean {
  return allowed.some((name) => name === target || (name.endsWith(':*') && target.startsWith(name.slice(0, -1))));
}

describe('the layout', () => {
  it('has only folders that the import rule knows', () => {
    expect(new Set(sources.map((file) => file.path.split('/')[0]))).toEqual(new Set(Object.keys(MAY_IMPORT)));
  });

  it.each(Object.entries(MAY_IMPORT))('%s imports nothing beyond what it may', (folder, allowed) => {
    const wrong = sources
      .filter((file) => file.path.startsWith(`${folder}/`))
      .flatMap((file) => importsOf(file).map((specifier) => ({ file, target: targetOf(file, specifier) })))
      .filter(({ target }) => target !== folder && !isAllowed(target, allowed))
      .map(({ file, target }) => `${file.path} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  it('opens a store in server/server.ts only', () => {
    const openers = sources.filter((file) => importsOf(file).some((specifier) => specifier.endsWith('/open-store.ts')));
    expect(openers.map((file) => file.path)).toEqual(['server/server.ts']);
  });

  it('loads the driver of database servers only for the URL of one', () => {
    const naming = sources.filter((file) => importsOf(file).includes('pg')).map((file) => file.path);
    expect(naming.filter((path) => !path.startsWith('storage/postgres/'))).toEqual([]);
    const loading = sources.filter(
      (file) => !file.path.startsWith('storage/postgres/') && /\/postgres\//.test(file.text),
    );
    expect(loading.map((file) => file.path)).toEqual(['storage/open-store.ts']);
    expect(loading[0]?.text).not.toMatch(/^import [^;]*\/postgres\//m);
  });

  it('loads the client of Redis only where limits are shared: of limits/ the rest has types and the reader of URLs at most', () => {
    const naming = sources.filter((file) => importsOf(file).includes('@redis/client')).map((file) => file.path);
    expect(naming.sort()).toEqual(['limits/redis-connection.ts', 'limits/spend-script.ts']);
    for (const { path, text } of sources) {
      if (path.startsWith('limits/')) continue;
      const values = text.replace(/^import type [^;]*;$/gm, '');
      expect(values, path).not.toMatch(/^import [^;]*\/limits\/(?!redis-address\.ts')/m);
    }
  });

  /** What of `server/` which command loads. Backups need a data directory, not its server, and so have an entry of their own. */
  const LOADS_OF_SERVER: Readonly<Record<string, readonly string[]>> = {
    'cli/commands/backup.ts': ['backups.ts'],
    'cli/commands/dev.ts': ['server.ts'],
    'cli/commands/restore.ts': ['backups.ts'],
    // The configuration is judged before the server is loaded.
    'cli/commands/serve.ts': ['serve-config.ts', 'server-log.ts', 'server.ts', 'worker-processes.ts'],
  };

  it('loads the server from the command line in four commands only, and lazily: elsewhere its types at most', () => {
    const loads = sources.flatMap(({ path, text }): [string, string[]][] => {
      if (!path.startsWith('cli/')) return [];
      const values = text.replace(/^import type [^;]*;$/gm, '');
      expect(values, path).not.toMatch(/^import [^;]*\/server\//m);
      const loaded = [...values.matchAll(/\/server\/([\w-]+\.ts)'/g)].map(([, name = '']) => name);
      return loaded.length === 0 ? [] : [[path, loaded.sort()]];
    });
    expect(Object.fromEntries(loads)).toEqual(LOADS_OF_SERVER);
  });

  it('takes the address of a client from one place, which knows of proxies', () => {
    const asking = sources.filter(({ text }) => /\bremoteAddress\b|\brequest\.ips?\b/.test(withoutComments(text)));
    expect(asking.map((file) => file.path)).toEqual(['server/client-address.ts']);
  });

  it('touches the process in cli/io.ts, where the database locks its directory, where git gets its environment, where the keychain is asked, and where workers are', () => {
    const touching = sources.filter((file) => /\bprocess\.|'node:process'/.test(withoutComments(file.text)));
    const elsewhere = touching.map((file) => file.path).filter((path) => !path.startsWith('storage/sqlite/'));
    expect(elsewhere.sort()).toEqual([
      'cli/credentials/keychain-child.ts',
      'cli/env-file/git.ts',
      'cli/io.ts',
      'server/worker-processes.ts',
    ]);
  });
});

describe('size', () => {
  it('keeps every file under 400 lines', () => {
    const long = files.filter((file) => file.text.split('\n').length > 400).map((file) => file.path);
    expect(long).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    const drawers = files.filter((file) => /(^|\/)(utils?|helpers?|misc|common|shared)(\.|\/|$)/.test(file.path));
    expect(drawers.map((file) => file.path)).toEqual([]);
  });
});

describe('tests', () => {
  // A module that several files load is run once for all of them, and its hooks would belong to the first.
  it('register hooks in their own file or in a function that it calls, never while a shared module loads', () => {
    const shared = ['src', 'test'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts')),
    );
    const registering = shared.filter((path) =>
      /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    // A setup file is run anew for each file of tests.
    expect(registering).toEqual(['test/acceptance/end-servers.ts']);
  });
});

describe('plaintext secrets', () => {
  /** Every file that may have one in its hands; a new one needs a reason. */
  const MAY_HOLD_PLAINTEXT = [
    'core/secret.ts',
    'core/secret-hash.ts',
    'core/key-service.ts',
    'services/minted-secret.ts',
    'services/key-changes.ts',
  ];

  it('are named in the core, in the one service that mints, and in the command line only', () => {
    const naming = sources.filter(
      (file) => /plaintext/i.test(withoutComments(file.text)) && !file.path.startsWith('cli/'),
    );
    expect(naming.map((file) => file.path).filter((path) => !MAY_HOLD_PLAINTEXT.includes(path))).toEqual([]);
  });

  it('have no field in storage, gateway, renderer or client', () => {
    const layers = /^(storage|gateway|renderer|client)\//;
    const naming = sources.filter(
      (file) =>
        layers.test(file.path) && /\b(plaintext|plain_text|secret_value|api_key)\b/i.test(withoutComments(file.text)),
    );
    expect(naming.map((file) => file.path)).toEqual([]);
  });
});

describe('the dashboard', () => {
  const MAY_USE = [
    '@base-ui/react/*',
    '@tanstack/react-query',
    'react',
    'react-dom/client',
    'uplot',
    'uplot/dist/uPlot.min.css',
    'valibot',
    'wouter',
  ];
  const own = readdirSync(join(ROOT, 'dashboard/src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .map((path) => ({ path: `dashboard/src/${path}`, text: readFileSync(join(ROOT, 'dashboard/src', path), 'utf8') }));

  it('imports of src/ only client, api and core, as the command line speaks to a server, and of packages a few', () => {
    const wrong = own.flatMap(({ path, text }) =>
      specifiersOf(text)
        .map((specifier) => (specifier.startsWith('.') ? join(dirname(path), specifier) : specifier))
        .filter((target) => !/^(?:dashboard\/src|src\/(?:client|api|core))\//.test(target))
        .filter(
          (target) =>
            !MAY_USE.some((name) => name === target || (name.endsWith('/*') && target.startsWith(name.slice(0, -1)))),
        )
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('reaches nothing that a browser does not have: no module of Node, and no Buffer', () => {
    const reached = new Map(own.map(({ path, text }) => [path, withoutTypeImports(text)]));
    for (const [path, text] of reached) {
      for (const specifier of specifiersOf(text).filter((name) => name.startsWith('.') && name.endsWith('.ts'))) {
        const target = join(dirname(path), specifier);
        if (!reached.has(target)) reached.set(target, withoutTypeImports(readFileSync(join(ROOT, target), 'utf8')));
      }
    }
    const wrong = [...reached].filter(([, text]) => /'node:|\bBuffer\b|\bprocess\./.test(withoutComments(text)));
    expect(wrong.map(([path]) => path)).toEqual([]);
    expect(reached.has('src/core/secret.ts')).toBe(true);
  });

  it('says all that it says in one place: no words stand in its parts', () => {
    const wordy = own.filter(({ path, text }) => path.endsWith('.tsx') && />\s*[A-Z][a-z]+ [a-z]+[^<>{}]*</.test(text));
    expect(wordy.map(({ path }) => path)).toEqual([]);
  });
});

function withoutTypeImports(text: string): string {
  return text.replace(/^import type [^;]*;$/gm, '');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
