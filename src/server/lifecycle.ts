import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Clock, MINUTE_MS } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeyStore } from '../core/key-store.ts';
import { createSteadyClock, type SteadyClockSources } from './steady-clock.ts';

/** Told of what went wrong; `error` is `null` for a notice. */
type OnProblem = (what: string, error: unknown) => void;

const TIME_INTERVAL_MS = MINUTE_MS;
const TOLERATED_LEAD_MS = MINUTE_MS;

/** Requests that still run after this long are cut, so that a stop takes less than 10 s. */
const FINISH_WITHIN_MS = 7_000;

/** The clock of a server: it goes on from the greatest time that its database has seen. */
export async function startClock(
  store: Pick<KeyStore, 'greatestTime'>,
  time: SteadyClockSources,
  onProblem: OnProblem,
): Promise<Clock> {
  const greatestTime = await store.greatestTime();
  if (greatestTime > time.wallNow() + TOLERATED_LEAD_MS) onProblem(clockLead(greatestTime, time.wallNow()), null);
  return createSteadyClock(time, greatestTime);
}

/** Time does not run backwards, so a clock that was wrong once stays in force until it was right. */
function clockLead(greatestTime: number, wallNow: number): string {
  const [used, now] = [greatestTime, wallNow].map((time) => new Date(time).toISOString());
  return `the clock shows ${now}, but this database was used at ${used} before: its time goes on from there (docs/security.md)`;
}

/** What the clock showed while nothing was written must not come again either. */
export function persistTimeRegularly(store: KeyStore, clock: Clock, onProblem: OnProblem): () => void {
  const persist = () => store.persistTime(clock.now()).catch((error) => onProblem('time could not be written', error));
  const timer = setInterval(persist, TIME_INTERVAL_MS);
  return () => clearInterval(timer);
}

/** Resolves to the origin that it listens on. `address_in_use`. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'EADDRINUSE' ? `Port ${port} of ${host} is in use` : `Cannot listen on ${host} port ${port} (${code})`;
    throw new OutkitError('address_in_use', what, null, { cause: error });
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}

/** Accepts no more, and resolves when all requests have been answered or cut. */
export async function endRequests(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS);
  await app.close();
  clearTimeout(cut);
  // Requests that were cut are counted in the turn after their connections ended.
  await setImmediate();
}
