import type { CallerUse } from '../../../../src/core/key-service.ts';
import { visible } from '../../../../src/core/visible-text.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { relativeTime, useNow } from '../../times.ts';

interface CallerProps {
  readonly use: CallerUse | null;
  /** What is said when there is none. */
  readonly nobody: string;
}

/** Who used a secret last, and when. */
export function Caller({ use, nobody }: CallerProps) {
  const now = useNow();
  if (use === null) return nobody;
  return keyLifeTexts.caller(relativeTime(use.at, now), use.ip, visible(use.agent));
}
