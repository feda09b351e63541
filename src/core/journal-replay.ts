import { type JournalRecord, type KeyAnswer, REPLAYED } from './usage-journal.ts';
import { type Counted, finishedAnswer, HeldEvents, interruptedAnswer, isHeldBack, UsageTally } from './usage-tally.ts';

/** A record, and where it begins together with those that were written with it. */
export interface PlacedRecord {
  readonly position: number;
  readonly record: JournalRecord;
}

export interface Replay {
  /** What is not counted yet. */
  readonly counted: Counted;
  /** Up to where it is counted now: `REPLAYED`, or where the next part begins. */
  readonly position: number;
  readonly interrupted: number;
  /** The latest time that stands in the journal; 0 when nothing does. */
  readonly latest: number;
}

/**
 * What a journal says beyond what was counted before `position`. Answers that it leaves open were interrupted, unless it is damaged:
 * their ends may stand behind the damage, so nothing is said of them. Stops where `most` rows and events are together, and the next
 * position begins.
 */
export function replay(
  records: Iterable<PlacedRecord>,
  position: number,
  isDamaged: boolean,
  most = Number.POSITIVE_INFINITY,
): Replay {
  const open = new Map<number, KeyAnswer>();
  const held = new HeldEvents();
  const tally = new UsageTally();
  let latest = 0;
  let begun = -1;
  for (const { position: at, record } of records) {
    // Records of one position are all before where a part begins, or all behind it.
    if (tally.size >= most && at !== begun) return { counted: tally.take(), position: at, interrupted: 0, latest };
    begun = at;
    const isNew = at >= position;
    if (record.kind === 'start') {
      open.set(record.number, record.answer);
      latest = Math.max(latest, record.answer.event.at);
    } else if (record.kind === 'release') {
      const released = held.release(record.beforeSecond);
      if (isNew) tally.addEvents(released);
    } else {
      latest = Math.max(latest, record.end.at);
      const started = open.get(record.number);
      if (started === undefined) continue;
      open.delete(record.number);
      const answer = finishedAnswer(started, record.end);
      if (isNew) tally.add(answer);
      if (isHeldBack(answer.event)) held.add(answer.event);
    }
  }
  tally.addEvents(held.release(Number.POSITIVE_INFINITY));
  const interrupted = isDamaged ? [] : [...open.values()];
  for (const answer of interrupted) tally.add(interruptedAnswer(answer));
  return { counted: tally.take(), position: REPLAYED, interrupted: interrupted.length, latest };
}
