import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { aKey, aProfile, aSecret, NOON } from '../../test/key-builder.ts';
import { EmbeddedKeyView } from '../gateway/embedded-key-view.ts';
import { OpenStreams } from '../gateway/open-streams.ts';
import { renderStream } from './render-stream.ts';

const secret = aSecret();
let view: EmbeddedKeyView;
let streams: OpenStreams;
let isCut: boolean;
let waiting: number;
beforeEach(() => {
  view = new EmbeddedKeyView();
  view.applyProfile(aProfile());
  view.apply(aKey({ secrets: [secret] }));
  streams = new OpenStreams(view, { now: () => NOON });
  isCut = false;
  waiting = 0;
});

const revoke = () => view.apply(aKey({ secrets: [secret], revokedAt: NOON, version: 2 }));

function opened(frames: readonly string[]) {
  const request = { bytesOut: 0 } as FastifyRequest;
  const raw = {
    get writableLength() {
      return waiting;
    },
    destroy: () => {
      isCut = true;
    },
  };
  return renderStream(frames[Symbol.iterator](), secret.hash, streams, {
    request,
    reply: { raw } as unknown as FastifyReply,
  });
}

async function rest(body: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const frame of body) read.push(frame);
  return read;
}

const turn = () => new Promise(setImmediate);

describe('a stream', () => {
  it('has all its frames while its key is accepted, and is forgotten then', async () => {
    expect(await rest(opened(['a', 'b', 'c']))).toEqual(['a', 'b', 'c']);
    await turn();
    revoke();
    streams.review();
    expect(isCut).toBe(false);
  });

  it('whose key is revoked ends with an error that says so, and has no frame behind it', async () => {
    const body = opened(['a', 'b', 'c']);
    expect(body.read()).toBe('a');
    revoke();
    streams.review();
    const [error, ...others] = await rest(body);
    expect(others).toEqual([]);
    expect(error).toMatch(
      /^event: error\ndata: \{"error":"Unauthorized","detail":"[^"]*revoked","code":"key_revoked"\}\n\n$/,
    );
    expect(isCut).toBe(false);
  });

  it('is cut off when its reader has not taken what was written: that must not come after the end', async () => {
    const body = opened(['a', 'b', 'c']);
    expect(body.read()).toBe('a');
    waiting = 1;
    revoke();
    streams.review();
    expect(isCut).toBe(true);
    expect(body.destroyed).toBe(true);
  });

  it('ends at the next frame when nobody was told that its key has ended', async () => {
    const body = opened(['a', 'b', 'c']);
    expect(body.read()).toBe('a');
    revoke();
    const frames = await rest(body);
    // What had been made before the end is one frame at most.
    expect(frames.at(-1)).toContain('key_revoked');
    expect(frames.length).toBeLessThanOrEqual(2);
  });
});

it('a stream whose secret memory has forgotten ends, since nobody knows what became of it', async () => {
  const forgetful = new OpenStreams({ find: () => undefined, peek: () => undefined }, { now: () => NOON });
  const ended: string[] = [];
  forgetful.add({ hash: secret.hash, end: (why) => ended.push(why) });
  forgetful.review();
  forgetful.review();
  expect(ended).toEqual(['unavailable']);
});
