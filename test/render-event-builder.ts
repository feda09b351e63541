import type { RenderEvent } from '../src/core/render-event.ts';
import { NOON } from './key-builder.ts';

/** A served render, but for what a test says. */
export function aRenderEvent(fields: Partial<RenderEvent> = {}): RenderEvent {
  return {
    at: NOON,
    profileId: 'prof_2222222222222222',
    keyId: 'key_2222222222222222',
    keyName: 'web app',
    start: 'okd_aaaa',
    requestId: 'req_2222222222222222',
    method: 'POST',
    path: '/render/enhance',
    status: 200,
    verdict: 'accepted',
    durationUs: 1200,
    blocks: 3,
    bytesIn: 40,
    bytesOut: 400,
    ip: '127.0.0.1',
    agent: 'test/1.0',
    count: 1,
    isInterrupted: false,
    ...fields,
  };
}
