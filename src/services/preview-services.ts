import { OutkitError } from '../core/errors.ts';
import {
  MAX_PREVIEW_BYTES,
  PREVIEWS_PER_MINUTE,
  type Preview,
  type PreviewBlock,
  type PreviewService,
} from '../core/preview-service.ts';
import { PLANS } from '../core/profile.ts';
import type { Caller, KeyServicePorts } from './key-service-ports.ts';
import { missing, profileRefusal } from './refusals.ts';

/** What previews need beside the store. */
export interface PreviewPorts {
  /** The renderer. */
  readonly renderBlocks: (content: string, maxComponents: number) => readonly PreviewBlock[];
  /** Takes one preview of somebody's minute: `null`, or in how many milliseconds there is another when it is used up. */
  readonly spendPreview: (who: string, limit: number) => number | null;
}

/** Previews for one caller, by the plan and design of a profile of their team. */
export function previewServices(
  { store, renderBlocks, spendPreview }: Pick<KeyServicePorts, 'store'> & PreviewPorts,
  { teamId, personId, name }: Caller,
): PreviewService {
  return {
    async render(profileId, content): Promise<Preview> {
      const profile = await store.findProfile(teamId, profileId);
      if (profile === null) throw missing('profile');
      if (profile.archivedAt !== null) throw profileRefusal('profile_archived');
      if (Buffer.byteLength(content) > MAX_PREVIEW_BYTES) {
        throw new OutkitError(
          'input_too_large',
          `A preview takes a text of at most ${MAX_PREVIEW_BYTES} bytes of UTF-8`,
        );
      }
      const retryAfterMs = spendPreview(personId ?? name, PREVIEWS_PER_MINUTE);
      if (retryAfterMs !== null) {
        const what = `You have had ${PREVIEWS_PER_MINUTE} previews in this minute, and more are not made`;
        throw new OutkitError('rate_limited', what, 'wait a minute', { retryAfterMs });
      }
      const { plan, design } = profile;
      return { blocks: renderBlocks(content, PLANS[plan].maxComponents), design };
    },
  };
}
