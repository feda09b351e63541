import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { DASHBOARD_PATHS } from '../../api/dashboard.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import type { PageContext } from './page-context.ts';
import type { Visit } from './visit.ts';

/** A page, or what a form on one does. Forms are `POST`, and are answered with a way on, or with the same page and what is wrong. */
export interface PageRoute {
  readonly method: 'GET' | 'POST';
  /** In Fastify's form: `/invitation/:token`. */
  readonly path: string;
  readonly handle: (visit: Visit, context: PageContext) => Promise<FastifyReply>;
}

const LINK_TOKEN = '[A-Za-z0-9_-]{1,128}';

/** Tokens of links, whoever made them. */
export const linkToken = v.pipe(v.string(), v.regex(new RegExp(`^${LINK_TOKEN}$`), 'must be the token of a link'));

/** Where signing in may lead: pages of ours that need it, and nothing else, whatever a link says. */
const NEXT_PATHS = new RegExp(`^(?:/home|/account|/device|/invitation/${LINK_TOKEN}|${dashboardPattern()})$`);

export const nextPath = v.optional(v.pipe(v.string(), v.regex(NEXT_PATHS, 'must be a page of this server')), '/');

function dashboardPattern(): string {
  return DASHBOARD_PATHS.map((path) => path.replaceAll(/:\w+/g, '[a-z0-9_]{1,40}')).join('|');
}

export function signInPath(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;
}

/** A route for people who are signed in; others sign in first and come back to `next`. */
export function signedInRoute(
  method: PageRoute['method'],
  path: string,
  next: string,
  handle: (visit: Visit, context: PageContext, who: SignedIn) => Promise<FastifyReply>,
): PageRoute {
  return {
    method,
    path,
    handle: async (visit, context) =>
      visit.who === null ? visit.goTo(signInPath(next)) : handle(visit, context, visit.who),
  };
}
