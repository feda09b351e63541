import express from 'express';
import { contentSecurityPolicy, files } from '../site/files.js';
import { startSession } from '../site/sessions.js';
import { outkitProxy } from './outkit.js';

const app = express();
for (const { path, type, content } of files) {
  app.get(path, (_request, response) =>
    response.type(type).set('content-security-policy', contentSecurityPolicy).send(content),
  );
}
app.post('/sign-in', (_request, response) => response.set('set-cookie', startSession()).sendStatus(204));
app.post('/api/outkit', outkitProxy);

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`Ready on http://127.0.0.1:${server.address().port}`);
});
