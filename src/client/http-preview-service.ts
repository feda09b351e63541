import { previewAnswer } from '../api/previews.ts';
import type { PreviewService } from '../core/preview-service.ts';
import type { CallControlApi } from './control-api.ts';

/** Previews of a server elsewhere, over its control API. */
export function httpPreviewService(call: CallControlApi): PreviewService {
  return {
    render: (profileId, content) =>
      call(`/v1/profiles/${encodeURIComponent(profileId)}/preview`, previewAnswer, { content }),
  };
}
