import { randomBytes } from 'node:crypto';

const MAX_SESSIONS = 10_000;
const owner = globalThis as { sessions?: Set<string> };
// Next.js loads this file once for each route.
owner.sessions ??= new Set();
const { sessions } = owner;

/** Lets a browser in, and gives the cookie that says so. It stands in for the sign-in that your app has. */
export function startSession(): string {
  if (sessions.size >= MAX_SESSIONS) sessions.clear();
  const id = randomBytes(24).toString('base64url');
  sessions.add(id);
  return id;
}

/** Whether a cookie is that of a session. */
export function hasSession(id: string | undefined): boolean {
  return id !== undefined && sessions.has(id);
}
