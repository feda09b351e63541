import type { OutkitProxy } from './proxy.ts';

/** What is needed of Hono's `Context`. */
export interface HonoContext {
  readonly req: { readonly raw: Request };
}

/** A handler for Hono: `app.post('/api/outkit', toHonoHandler(proxy))`. `authorize` gets the context as `native`. */
export function toHonoHandler<Context extends HonoContext = HonoContext>(
  proxy: OutkitProxy<Context>,
): (c: Context) => Promise<Response> {
  return (c) => proxy(c.req.raw, c);
}
