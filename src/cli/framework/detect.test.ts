import { describe, expect, it } from 'vitest';
import { detectFramework, FRAMEWORKS, type FrameworkId } from './detect.ts';
import { envReading } from './env-reading.ts';

function signs(dependencies: readonly string[], files: readonly string[] = []) {
  return { dependencies: new Set(dependencies), files: new Set(['package.json', ...files]) };
}

describe('the framework', () => {
  it.each<[FrameworkId, string[], string[]]>([
    ['next', ['next', 'react'], []],
    ['nuxt', ['nuxt'], []],
    ['sveltekit', ['@sveltejs/kit', 'svelte', 'vite'], []],
    ['astro', ['astro'], []],
    ['react-router', ['@react-router/dev', 'react-router', 'vite'], []],
    ['remix', ['@remix-run/node', '@remix-run/react', 'vite'], []],
    ['hono', ['hono', '@hono/node-server'], []],
    ['fastify', ['fastify'], []],
    ['express', ['express'], []],
    ['vite', ['vite', 'react'], []],
    ['node', ['left-pad'], []],
    ['node', [], []],
  ])('%s is told by the dependencies %j', (framework, dependencies, files) => {
    expect(detectFramework(signs(dependencies, files)).id).toBe(framework);
  });

  it.each<[FrameworkId, string]>([
    ['next', 'next.config.mjs'],
    ['nuxt', 'nuxt.config.ts'],
    ['astro', 'astro.config.mjs'],
    ['react-router', 'react-router.config.ts'],
    ['remix', 'remix.config.js'],
    ['worker', 'wrangler.jsonc'],
    ['vite', 'vite.config.ts'],
  ])('%s is told by %s alone, as in a monorepo that hoists', (framework, file) => {
    expect(detectFramework(signs([], [file]))).toEqual({ id: framework, sign: file });
  });

  it.each<[string, FrameworkId, string[], string[]]>([
    ['Next.js behind an Express of its own', 'next', ['express', 'next'], []],
    ['React Router served by Express', 'react-router', ['@react-router/dev', 'express', 'vite'], []],
    ['Remix served by Hono', 'remix', ['@remix-run/dev', 'hono', 'vite'], []],
    ['SvelteKit on Cloudflare', 'sveltekit', ['@sveltejs/kit', 'vite'], ['wrangler.toml', 'vite.config.ts']],
    ['a browser app with an Express behind it', 'express', ['express', 'vite', 'react'], ['vite.config.ts']],
    ['a Fastify that mounts Express', 'fastify', ['express', 'fastify'], []],
    ['Hono on Cloudflare', 'hono', ['hono'], ['wrangler.toml']],
    ['a worker built by Vite', 'worker', ['vite'], ['wrangler.jsonc', 'vite.config.ts']],
    ['react-router as a library', 'vite', ['react-router', 'vite'], []],
    ['a library tested by Vitest', 'node', ['vitest'], ['vitest.config.ts']],
  ])('of %s is %s', (_, framework, dependencies, files) => {
    expect(detectFramework(signs(dependencies, files)).id).toBe(framework);
  });

  it('says what gave it away, and nothing for plain Node', () => {
    expect(detectFramework(signs(['next']))).toEqual({ id: 'next', sign: 'next in package.json' });
    expect(detectFramework(signs([]))).toEqual({ id: 'node', sign: null });
  });
});

describe('the env files that server code reads', () => {
  it.each<[string, FrameworkId, string[], string[], Record<string, string>, string[]]>([
    ['Next.js', 'next', ['next'], [], {}, ['.env.local', '.env']],
    ['Nuxt', 'nuxt', ['nuxt'], [], {}, ['.env']],
    ['Nuxt told otherwise', 'nuxt', ['nuxt'], [], { dev: 'nuxt dev --dotenv .env.local' }, ['.env.local']],
    ['SvelteKit', 'sveltekit', ['@sveltejs/kit'], [], {}, ['.env.local', '.env']],
    ['Astro', 'astro', ['astro'], [], {}, ['.env.local', '.env']],
    ['React Router', 'react-router', ['@react-router/dev'], [], {}, ['.env.local', '.env']],
    ['Remix on Vite', 'remix', ['@remix-run/dev', 'vite'], [], {}, ['.env.local', '.env']],
    ['Remix with its old compiler', 'remix', ['@remix-run/dev'], [], {}, ['.env']],
    ['Express', 'express', ['express'], [], {}, []],
    ['Express with dotenv', 'express', ['express', 'dotenv'], [], {}, ['.env']],
    ['Fastify', 'fastify', ['fastify'], [], { start: 'node --env-file=.env.local server.js' }, ['.env.local']],
    ['plain Node', 'node', [], [], { start: 'node server.js' }, []],
    [
      'plain Node with two files',
      'node',
      [],
      [],
      { dev: 'node --env-file=.env --env-file=.env.dev a.js' },
      ['.env.dev', '.env'],
    ],
    [
      'dev before start',
      'node',
      [],
      [],
      { start: 'node --env-file=.env.prod a', dev: 'tsx --env-file ./.env a' },
      ['.env'],
    ],
    ['an absent file', 'node', [], [], { dev: 'node --env-file-if-exists=.env.local a.js' }, ['.env.local']],
    ['a path that leaves the project', 'node', [], [], { dev: 'node --env-file=../.env a.js' }, []],
    ['a source file', 'node', [], [], { dev: 'node --env-file=src/app.js a.js' }, []],
    ['an absolute path', 'node', [], [], { dev: 'node --env-file=/etc/env a.js' }, []],
    ['a file in a folder', 'node', [], [], { dev: 'node --env-file=conf/app.env a.js' }, ['conf/app.env']],
    ['variables in a folder', 'node', [], [], { dev: 'node --env-file=conf/.dev.vars.me a' }, ['conf/.dev.vars.me']],
    ['source files called env', 'node', [], [], { dev: 'node --env-file=src/env.js --env-file=.env.js a.js' }, []],
    ['code', 'node', [], [], { dev: 'a --env-file=.env.mts --env-file=.env.tsx --env-file=.env.json' }, []],
    ['a folder called env', 'node', [], [], { dev: 'node --env-file=env/README.md a.js' }, []],
    ['a folder that is served', 'node', [], [], { dev: 'node --env-file=public/.env a.js' }, []],
    ['one in such a folder', 'node', [], [], { dev: 'node --env-file=web/Dist/app/.env.app a.js' }, []],
    ['Hono on Node', 'hono', ['hono'], [], {}, []],
    ['Hono on Cloudflare', 'hono', ['hono'], ['wrangler.toml'], {}, ['.dev.vars']],
    ['a worker with .env', 'worker', [], ['wrangler.toml', '.env'], {}, ['.env.local', '.env']],
    ['a worker with both', 'worker', [], ['wrangler.toml', '.env', '.dev.vars'], {}, ['.dev.vars']],
  ])('of %s', (_, framework, dependencies, files, scripts, expected) => {
    expect(envReading(framework, signs(dependencies, files), scripts).files).toEqual(expected);
  });

  it('are read by a script whose name does nothing to a terminal', () => {
    const { reader } = envReading('node', signs([]), { 'a\x1b[2Jb': 'node --env-file=.env a.js' });
    expect(reader).toBe('The script a\\x1b[2Jb');
  });

  it('are known to have a reader, whatever the framework', () => {
    for (const id of Object.keys(FRAMEWORKS) as FrameworkId[]) {
      expect(envReading(id, signs([]), {}).reader).not.toBe('');
    }
  });
});
