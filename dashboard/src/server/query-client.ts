import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { type ErrorCode, OutkitError } from '../../../src/core/errors.ts';
import { endSession } from './session-end.ts';

/** What may be gone at the next try. A change is never sent again by itself. */
const PASSING: readonly ErrorCode[] = ['unreachable', 'timeout', 'unavailable'];
const MAX_RETRIES = 2;

function noticeEnd(error: unknown): void {
  if (error instanceof OutkitError && error.code === 'unauthenticated') endSession();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < MAX_RETRIES && error instanceof OutkitError && PASSING.includes(error.code),
      // The server is asked even when the browser believes that there is no network: it may be on this machine.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
