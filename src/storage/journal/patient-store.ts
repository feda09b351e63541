import { OutkitError } from '../../core/errors.ts';
import type { KeyStore } from '../../core/key-store.ts';

type UsageStore = Pick<KeyStore, 'journalPosition' | 'recordUsage'>;

export interface PatiencePorts {
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Between tries. With 5 s for each of them they are over after 40 s: until then a supervisor waits, and later one should know. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000] as const;

/**
 * The store as a start needs it: what is `unavailable` is tried again, since others may keep a database server busy for a while, and a
 * batch that was stored nevertheless is known again by its position. Says so once; after 15 s of pauses the last error comes out.
 */
export function patientStore(store: UsageStore, { sleep, onProblem }: PatiencePorts): UsageStore {
  let isTold = false;
  const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    for (const pauseMs of PAUSES_MS) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof OutkitError) || error.code !== 'unavailable') throw error;
        if (!isTold) onProblem('usage of before this start cannot be stored yet, and is tried again', error);
        isTold = true;
        await sleep(pauseMs);
      }
    }
    return work();
  };
  return {
    journalPosition: (epoch) => patiently(() => store.journalPosition(epoch)),
    recordUsage: (batch) => patiently(() => store.recordUsage(batch)),
  };
}
