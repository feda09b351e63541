import * as v from 'valibot';
import { MAX_PREVIEW_BYTES } from '../core/preview-service.ts';

/** What the control API takes and answers about previews. */

/** In UTF-16 units, of which none takes less than a byte: the service holds it against the bytes. */
export const previewBody = v.strictObject({
  content: v.pipe(v.string(), v.maxLength(MAX_PREVIEW_BYTES, `must be at most ${MAX_PREVIEW_BYTES} bytes of UTF-8`)),
});

export const previewAnswer = v.object({
  blocks: v.array(
    v.object({
      component: v.string(),
      version: v.string(),
      props: v.unknown(),
      meta: v.exactOptional(
        v.object({
          title: v.exactOptional(v.string()),
          description: v.exactOptional(v.string()),
          confidence: v.exactOptional(v.number()),
        }),
      ),
      fallback: v.exactOptional(v.string()),
    }),
  ),
  design: v.record(v.string(), v.string()),
});
