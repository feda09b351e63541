type Log = { warn(message: string): void; error(message: string): void };

/** Tells the log of the app what its operator should know, without telling it at every request. */
export interface Notices {
  /** At most once a minute. */
  error(message: string): void;
  /** Once. */
  warnOnce(message: string): void;
}

const MINUTE_MS = 60_000;
/** Messages are few; were they not, the oldest would be said again. */
const MAX_REMEMBERED = 100;

/** For each log one memory: where a proxy is made anew for each request, it would not hold anything back otherwise. */
const noticesByLog = new WeakMap<Log, Notices>();

/** The notices that go to this log. */
export function noticesFor(log: Log): Notices {
  const known = noticesByLog.get(log) ?? createNotices(log);
  noticesByLog.set(log, known);
  return known;
}

/** `now` is monotonic, in milliseconds. */
export function createNotices(log: Log, now: () => number = () => performance.now()): Notices {
  const silentUntil = new Map<string, number>();
  const say = (level: keyof Log, message: string, forMs: number) => {
    if (now() < (silentUntil.get(message) ?? 0)) return;
    silentUntil.delete(message);
    silentUntil.set(message, now() + forMs);
    const [oldest] = silentUntil.keys();
    if (silentUntil.size > MAX_REMEMBERED && oldest !== undefined) silentUntil.delete(oldest);
    try {
      log[level](message);
    } catch {
      // A log that fails must not cost the browser its answer.
    }
  };
  return {
    error: (message) => say('error', message, MINUTE_MS),
    warnOnce: (message) => say('warn', message, Number.POSITIVE_INFINITY),
  };
}
