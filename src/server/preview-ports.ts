import type { Clock } from '../core/clock.ts';
import { spend } from '../gateway/rate-limit.ts';
import { RateWindows } from '../gateway/rate-windows.ts';
import { render } from '../renderer/render.ts';
import type { PreviewPorts } from '../services/preview-services.ts';

/** Whoever asked longest ago is forgotten first. */
const MAX_PEOPLE = 10_000;

/** The renderer for previews, and the minutes of those who ask for them, which each server counts for itself. */
export function previewPorts(clock: Clock): PreviewPorts {
  const windows = new RateWindows(MAX_PEOPLE);
  return {
    renderBlocks: (content, maxComponents) => render({ content, maxComponents }),
    spendPreview(who, limit) {
      const now = clock.now();
      const { isWithin, resetAt } = spend(windows.of(who), limit, now);
      return isWithin ? null : (resetAt ?? now) - now;
    },
  };
}
