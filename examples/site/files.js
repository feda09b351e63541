import { readFileSync } from 'node:fs';

const page = (name) => new URL(name, import.meta.url);

/** The page that the examples serve: path, content type and content. `outkit/stream` is one file without imports, so no bundler is needed. */
export const files = [
  { path: '/', type: 'text/html; charset=utf-8', file: page('page.html') },
  { path: '/page.css', type: 'text/css; charset=utf-8', file: page('page.css') },
  { path: '/page.js', type: 'text/javascript; charset=utf-8', file: page('page.js') },
  { path: '/blocks.js', type: 'text/javascript; charset=utf-8', file: page('blocks.js') },
  { path: '/sample.md', type: 'text/plain; charset=utf-8', file: page('sample.md') },
  {
    path: '/outkit/stream.js',
    type: 'text/javascript; charset=utf-8',
    file: new URL(import.meta.resolve('outkit/stream')),
  },
].map(({ path, type, file }) => ({ path, type, content: readFileSync(file, 'utf8') }));

/** No script, style or connection but our own. */
export const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";
