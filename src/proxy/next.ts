import type { OutkitProxy } from './proxy.ts';

/** The handlers of a route of Next.js (app router): `export const { POST } = toNextRoute(proxy);` in `app/api/outkit/route.ts`. */
export function toNextRoute(proxy: OutkitProxy): { POST: (request: Request) => Promise<Response> } {
  return { POST: (request) => proxy(request) };
}
