/** Every framework that `outkit init` knows, and its name for people. */
export const FRAMEWORKS = {
  next: 'Next.js',
  nuxt: 'Nuxt',
  sveltekit: 'SvelteKit',
  astro: 'Astro',
  'react-router': 'React Router',
  remix: 'Remix',
  hono: 'Hono',
  fastify: 'Fastify',
  express: 'Express',
  worker: 'Cloudflare Worker',
  vite: 'Vite',
  node: 'Node',
} as const;

export type FrameworkId = keyof typeof FRAMEWORKS;

/** What tells the framework: names of dependencies of any kind, and of files beside `package.json` and in `src/`. */
export interface ProjectSigns {
  readonly dependencies: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

export interface DetectedFramework {
  readonly id: FrameworkId;
  /** What gave it away, such as `next in package.json`; `null` when nothing did and plain Node is assumed. */
  readonly sign: string | null;
}

interface Sign {
  readonly id: FrameworkId;
  readonly packages: readonly string[];
  readonly config?: RegExp;
}

const WRANGLER_CONFIG = /^wrangler\.(?:toml|json|jsonc)$/;

/**
 * In order of precedence. A framework stands before what it is built on or served by (SvelteKit before Vite, Next.js before an
 * Express in front of it), and whatever has a server of its own before Vite, which has one for development only.
 */
const SIGNS: readonly Sign[] = [
  { id: 'next', packages: ['next'], config: /^next\.config\.\w+$/ },
  { id: 'nuxt', packages: ['nuxt', 'nuxt-nightly'], config: /^nuxt\.config\.\w+$/ },
  { id: 'sveltekit', packages: ['@sveltejs/kit'] },
  { id: 'astro', packages: ['astro'], config: /^astro\.config\.\w+$/ },
  // `react-router` alone is a library for browsers.
  { id: 'react-router', packages: ['@react-router/dev'], config: /^react-router\.config\.\w+$/ },
  { id: 'remix', packages: ['@remix-run/dev', '@remix-run/node', '@remix-run/serve'], config: /^remix\.config\.\w+$/ },
  { id: 'hono', packages: ['hono'] },
  { id: 'fastify', packages: ['fastify'] },
  { id: 'express', packages: ['express'] },
  { id: 'worker', packages: [], config: WRANGLER_CONFIG },
  { id: 'vite', packages: ['vite'], config: /^vite\.config\.\w+$/ },
];

/** The framework whose server code will hold the key. */
export function detectFramework({ dependencies, files }: ProjectSigns): DetectedFramework {
  for (const { id, packages, config } of SIGNS) {
    const found = packages.find((name) => dependencies.has(name));
    if (found !== undefined) return { id, sign: `${found} in package.json` };
    const file = config === undefined ? undefined : [...files].find((name) => config.test(name));
    if (file !== undefined) return { id, sign: file };
  }
  return { id: 'node', sign: null };
}

/** Runs on Cloudflare's runtime, or in its likeness on this machine. */
export function hasWranglerConfig(files: ReadonlySet<string>): boolean {
  return [...files].some((name) => WRANGLER_CONFIG.test(name));
}
