import type { DesignTokens } from './profile.ts';

/** Most UTF-8 bytes of a text. A renderer takes more: this is for eyes. */
export const MAX_PREVIEW_BYTES = 32 * 1024;

/** How often one person may have a text rendered, in a minute. */
export const PREVIEWS_PER_MINUTE = 120;

/** A block as the renderer makes it. What stands in the props goes by the component, as `GET /components` says. */
export interface PreviewBlock {
  readonly component: string;
  readonly version: string;
  readonly props: unknown;
  readonly meta?: { readonly title?: string; readonly description?: string; readonly confidence?: number };
  readonly fallback?: string;
}

/** What the renderer answers a key of the profile. */
export interface Preview {
  readonly blocks: readonly PreviewBlock[];
  readonly design: DesignTokens;
}

/** What the renderer makes of a text, for members of a team who have no key at hand. No key is used, and nothing is counted or kept. */
export interface PreviewService {
  /** Throws an `OutkitError`: `not_found`, `profile_archived`, `input_too_large`, `rate_limited`. */
  render(profileId: string, content: string): Promise<Preview>;
}
