// One round: renders at a steady rate, with so many live logs open. Prints, as JSON, how long events took to standard output, and answers to come.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { HttpConnection, renderRequest } from '../http-connection.ts';
import { quantile } from '../rounds.ts';
import { OUTKIT } from '../served.ts';

/** What the round is of, as JSON in the one argument. */
export interface Watch {
  readonly url: string;
  readonly profileId: string;
  readonly key: string;
  readonly credentials: readonly string[];
  readonly tails: number;
  readonly seconds: number;
  readonly rendersPerSecond: number;
}

export interface Watched {
  /** From the sending of a request until its event is on the standard output of `outkit logs tail`, in milliseconds. */
  readonly eventP50Ms: number;
  readonly eventP99Ms: number;
  readonly answerMeanMs: number;
  readonly answerP99Ms: number;
  readonly answersPerSecond: number;
}

const TICK_MS = 5;
const WARM_UP_MS = 1_000;
const CONNECTIONS = 64;
const BODY = JSON.stringify({ content: '# Title\n\nSome text.\n\n- [ ] a\n- [x] b\n' });

const watch: Watch = JSON.parse(process.argv[2] ?? '');
const port = Number(new URL(watch.url).port);
const idle = Array.from({ length: CONNECTIONS }, () => new HttpConnection(port));
/** Of requests that wait for a connection, when each was due. */
const due: number[] = [];
const eventTimes: number[] = [];
const answerTimes: number[] = [];
const now = () => performance.timeOrigin + performance.now();

const terminal = watch.tails === 0 ? null : await followInTerminal();
for (let tail = 1; tail < watch.tails; tail++) follow(watch.credentials[tail % watch.credentials.length] ?? '');
await renderFor(WARM_UP_MS);
eventTimes.length = 0;
answerTimes.length = 0;
await renderFor(watch.seconds * 1_000);
const answered = answerTimes.length;
// The last events are on their way.
await setTimeout(500);
terminal?.kill();
const result: Watched = {
  eventP50Ms: quantile(eventTimes, 0.5),
  eventP99Ms: quantile(eventTimes, 0.99),
  answerMeanMs: answerTimes.reduce((sum, ms) => sum + ms, 0) / answerTimes.length,
  answerP99Ms: quantile(answerTimes, 0.99),
  answersPerSecond: answered / watch.seconds,
};
process.stdout.write(JSON.stringify(result), () => process.exit());

/** Sends so many requests each tick, whether those before were answered or not. */
async function renderFor(ms: number): Promise<void> {
  const startedAt = now();
  let sent = 0;
  while (now() < startedAt + ms) {
    for (const count = ((now() - startedAt) * watch.rendersPerSecond) / 1_000; sent < count; sent++) render(now());
    await setTimeout(TICK_MS);
  }
}

function render(dueAt: number): void {
  const connection = idle.pop();
  if (connection === undefined) due.push(dueAt);
  else void renderOn(connection, dueAt);
}

/** From when it was due, so that a server that is late does not slow down what is asked of it. */
async function renderOn(connection: HttpConnection, dueAt: number): Promise<void> {
  const status = await connection.request(renderRequest(watch.key, BODY, { agent: `bench/${dueAt}` }));
  if (status !== 200) throw new Error(`a render was answered with ${status}`);
  answerTimes.push(now() - dueAt);
  const next = due.shift();
  if (next === undefined) idle.push(connection);
  else void renderOn(connection, next);
}

/** Reads a live log and looks at nothing. */
function follow(credential: string): void {
  const headers = { authorization: `Bearer ${credential}` };
  get(`${watch.url}/v1/profiles/${watch.profileId}/events/stream`, { headers }, (answer) => {
    if (answer.statusCode !== 200) throw new Error(`a live log was answered with ${answer.statusCode}`);
    answer.resume();
  });
}

/** The command line as people run it, on a pipe. Resolves when it shows events. */
async function followInTerminal() {
  const env = { ...process.env, OUTKIT_API_URL: watch.url, OUTKIT_TOKEN: watch.credentials[0] };
  const child = spawn(process.execPath, [OUTKIT, 'logs', 'tail', '-n', '1'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const arrivedAt = now();
    rest += text;
    const end = rest.lastIndexOf('\n') + 1;
    for (const [, sentAt] of rest.slice(0, end).matchAll(/"agent":"bench\/([\d.]+)"/g)) {
      eventTimes.push(arrivedAt - Number(sentAt));
    }
    rest = rest.slice(end);
  });
  const shown = once(child.stdout, 'data');
  while (eventTimes.length === 0) {
    render(now());
    await Promise.race([shown, setTimeout(200)]);
  }
  return child;
}
