import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { contentSecurityPolicy, files } from '../site/files.js';
import { startSession } from '../site/sessions.js';
import { outkitProxy } from './outkit.js';

const app = new Hono();
for (const { path, type, content } of files) {
  app.get(path, (c) =>
    c.body(content, 200, { 'content-type': type, 'content-security-policy': contentSecurityPolicy }),
  );
}
app.post('/sign-in', (c) => c.body(null, 204, { 'set-cookie': startSession() }));
app.post('/api/outkit', outkitProxy);

const options = { fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 3000) };
serve(options, ({ port }) => console.log(`Ready on http://127.0.0.1:${port}`));
