import { cookies } from 'next/headers';
import { createOutkitProxy } from 'outkit/proxy';
import { toNextRoute } from 'outkit/proxy/next';
import { keyFromEnvFile } from 'outkit/proxy/node';
import { hasSession } from '../../sessions';

const proxy = createOutkitProxy({
  authorize: async () => hasSession((await cookies()).get('session')?.value),
  key: keyFromEnvFile('.env.local'),
  apiUrl: process.env.OUTKIT_API_URL ?? 'http://127.0.0.1:4680',
});

export const { POST } = toNextRoute(proxy);
