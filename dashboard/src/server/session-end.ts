import { useSyncExternalStore } from 'react';

let hasEnded = false;
const listeners = new Set<() => void>();

/** Told by whatever got the answer that nobody is signed in. There is no way back but another sign-in. */
export function endSession(): void {
  hasEnded = true;
  for (const listener of listeners) listener();
}

export function useSessionEnd(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hasEnded,
  );
}
