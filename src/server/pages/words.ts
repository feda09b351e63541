import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import { type Html, html } from './html.ts';

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', 1000],
] as const;

/** A wait as people say it, never too short: `1 minute`, `2 hours`. */
export function waitText(spanMs: number): string {
  const [name, unitMs] = UNITS.find(([, ms]) => spanMs > ms) ?? ['second', 1000];
  return counted(Math.max(1, Math.ceil(spanMs / unitMs)), name);
}

/** How long ago, in whole units that have passed: `just now`, `3 minutes ago`. */
export function agoText(time: number, now: number): string {
  const found = UNITS.find(([name, ms]) => name !== 'second' && now - time >= ms);
  return found === undefined ? 'just now' : `${counted(Math.floor((now - time) / found[1]), found[0])} ago`;
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** A time in UTC: a page without scripts does not know the zone of its reader. */
export function timeHtml(time: number): Html {
  return html`<time datetime="${new Date(time).toISOString()}">${FULL.format(time)} UTC</time>`;
}

/** 8 letters as people read them: `BCDF-GHJK`. */
export function spacedCode(userCode: string): string {
  return `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
}

/** A program by the name that it gave itself. */
export function programName(agent: string): string {
  return agent === '' ? 'a program without a name' : agent;
}
