import { createOutkitProxy } from 'outkit/proxy';
import { keyFromEnvFile, toNodeHandler } from 'outkit/proxy/node';
import { hasSession } from '../site/sessions.js';

const proxy = createOutkitProxy({
  authorize: (request) => hasSession(request.headers.get('cookie')),
  key: keyFromEnvFile('.env.local'),
  apiUrl: process.env.OUTKIT_API_URL ?? 'http://127.0.0.1:4680',
});

export const outkitProxy = toNodeHandler(proxy);
