import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { KEY_ID_PATTERN } from '../../../src/core/clock.ts';
import type { LogChoice } from './log-feed.ts';

/** Statuses to choose from, by how they stand in the address. */
export const STATUS_RANGES = {
  '2xx': { min: 200, max: 299 },
  errors: { min: 400, max: 599 },
  '4xx': { min: 400, max: 499 },
  '5xx': { min: 500, max: 599 },
  '401': { min: 401, max: 401 },
  '429': { min: 429, max: 429 },
} as const;

export type StatusName = keyof typeof STATUS_RANGES;
export const STATUS_NAMES = Object.keys(STATUS_RANGES) as StatusName[];

/** What the renderer answers at. */
export const RENDER_PATHS = ['/render/enhance', '/components'] as const;
export type RenderPath = (typeof RENDER_PATHS)[number];

/** Which part of the log somebody looks at. */
export interface LogFilter {
  readonly keyId: string | null;
  readonly status: StatusName | null;
  readonly path: RenderPath | null;
  readonly allProfiles: boolean;
}

/** The filter stands in the address, so that it can be kept and passed on. */
export function useLogFilter(): readonly [LogFilter, (change: Partial<LogFilter>) => void] {
  const [params, setParams] = useSearchParams();
  const keyId = params.get('key');
  const filter: LogFilter = {
    keyId: keyId !== null && KEY_ID_PATTERN.test(keyId) ? keyId : null,
    status: STATUS_NAMES.find((name) => name === params.get('status')) ?? null,
    path: RENDER_PATHS.find((path) => path === params.get('path')) ?? null,
    allProfiles: params.get('profiles') === 'all',
  };
  const change = (changes: Partial<LogFilter>) =>
    setParams(
      (before) => {
        const { keyId, status, path, allProfiles } = { ...filter, ...changes };
        const next = new URLSearchParams(before);
        const values = { key: keyId, status, path, profiles: allProfiles ? 'all' : null };
        for (const [name, value] of Object.entries(values)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  return [filter, change];
}

/** The same object for as long as the same is wanted. */
export function useLogChoice(profileId: string, { keyId, status, path, allProfiles }: LogFilter): LogChoice {
  return useMemo(
    () => ({ profileId, allProfiles, keyId, status: status === null ? null : STATUS_RANGES[status], path }),
    [profileId, allProfiles, keyId, status, path],
  );
}
