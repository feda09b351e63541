import * as v from 'valibot';
import { answerTime, isoTime } from './bounds.ts';

/** What `GET /healthz` answers to anybody: that the server runs, its version, and the time by which it judges keys. */
export function healthJson(version: string, now: number) {
  return { status: 'ok', version, time: isoTime(now) };
}

export const healthAnswer = v.object({
  status: v.literal('ok'),
  // Stands in commands to paste, so it holds nothing that a shell acts on.
  version: v.pipe(v.string(), v.regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][\w.+-]{1,64})?$/)),
  time: answerTime,
});

export type ServerHealth = v.InferOutput<typeof healthAnswer>;
