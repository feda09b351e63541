// The built app: `vite build` writes dist/, and this serves it.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { contentSecurityPolicy } from '../site/files.js';
import { backend } from './backend.js';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
const dist = new URL('dist/', import.meta.url);
const files = new Map(
  readdirSync(dist, { recursive: true })
    .filter((name) => extname(name) in TYPES)
    .map((name) => [
      name === 'index.html' ? '/' : `/${name}`,
      { type: TYPES[extname(name)], content: readFileSync(new URL(name, dist)) },
    ]),
);

const server = createServer((request, response) =>
  backend(request, response, () => {
    const file = files.get(request.url);
    if (file === undefined) return response.writeHead(404).end();
    response
      .writeHead(200, { 'content-type': file.type, 'content-security-policy': contentSecurityPolicy })
      .end(file.content);
  }),
);
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`Ready on http://127.0.0.1:${server.address().port}`);
});
