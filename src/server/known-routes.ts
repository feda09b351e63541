import type { FastifyInstance } from 'fastify';
import { requestPath } from './request-path.ts';

const routesOf = new WeakMap<FastifyInstance, Map<string, Set<string>>>();

/** Takes note of every route that is registered from here on, for the 405 of {@link allowedMethods}. */
export function rememberRoutes(app: FastifyInstance): void {
  const routes = new Map<string, Set<string>>();
  routesOf.set(app, routes);
  app.addHook('onRoute', ({ url, method }) => {
    const methods = routes.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    routes.set(url, methods);
  });
}

/** The methods that a path takes, in order; none when no route has this path. */
export function allowedMethods(app: FastifyInstance, url: string): string[] {
  const path = requestPath(url);
  for (const [route, methods] of routesOf.get(app) ?? []) {
    if (fitsRoute(route, path)) return [...methods].sort();
  }
  return [];
}

/** Whether a path, without its query, is one of a route such as `/v1/keys/:keyId`. */
export function fitsRoute(route: string, path: string): boolean {
  const [pattern, segments] = [route.split('/'), path.split('/')];
  const fits = (part: string, index: number) => part.startsWith(':') || part === segments[index];
  return pattern.length === segments.length && pattern.every(fits);
}
