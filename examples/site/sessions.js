import { randomBytes } from 'node:crypto';

const MAX_SESSIONS = 10_000;
const sessions = new Set();

/** Lets a browser in, and gives the cookie that says so. It stands in for the sign-in that your app has. */
export function startSession() {
  if (sessions.size >= MAX_SESSIONS) sessions.clear();
  const id = randomBytes(24).toString('base64url');
  sessions.add(id);
  return `session=${id}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Whether the cookies of a request are those of a session. */
export function hasSession(cookies) {
  const [, id] = /(?:^|; )session=([\w-]{32})(?:;|$)/.exec(cookies ?? '') ?? [];
  return sessions.has(id);
}
