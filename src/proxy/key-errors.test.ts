import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RefusalKind } from '../core/verdict.ts';
import { renderErrorJson } from '../server/error-response.ts';
import { refusalError } from '../server/refusals.ts';
import { KeyErrors } from './key-errors.ts';

const DOCUMENT = 'data: {"type":"meta"}\n\ndata: {"v":"event: error\\ndata"}\n\n';
const ABOUT_KEY: readonly RefusalKind[] = [
  'missing',
  'malformed',
  'unknown',
  'revoked',
  'superseded',
  'expired',
  'archived',
];
const HIDDEN =
  'event: error\ndata: {"error":"RendererRefused","detail":"The renderer does not serve this app: the log of the app says why","code":"renderer_refused_key"}\n\n';

/** As `renderStream` ends a stream. */
const frameOf = (kind: RefusalKind) => `event: error\ndata: ${JSON.stringify(renderErrorJson(refusalError(kind)))}\n\n`;

/** What goes on of pieces, one by one, and of what waits at the end. */
function passed(pieces: readonly (string | Uint8Array)[]): { text: string; at: string[]; told: number } {
  let told = 0;
  const errors = new KeyErrors(() => {
    told += 1;
  });
  const bytes = pieces.map((piece) => errors.pass(Buffer.from(piece)));
  const at = [...bytes, errors.rest()].map((piece) => Buffer.from(piece).toString('latin1'));
  return { text: Buffer.from(at.join(''), 'latin1').toString(), at, told };
}

describe('the errors in a stream', () => {
  it.each(ABOUT_KEY)('that are about a key (%s) reach no browser, and the app is told', (kind) => {
    const { text, told } = passed([DOCUMENT, frameOf(kind)]);
    expect([text, told]).toEqual([DOCUMENT + HIDDEN, 1]);
  });

  it.each(['rate_limited', 'unavailable'] as const)('that are about nothing secret (%s) pass', (kind) => {
    const { text, told } = passed([DOCUMENT, frameOf(kind)]);
    expect([text, told]).toEqual([DOCUMENT + frameOf(kind), 0]);
  });

  it('are found wherever the stream is cut into pieces', () => {
    const whole = Buffer.from(DOCUMENT + frameOf('revoked'));
    for (let size = 1; size <= whole.length; size++) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      );
      expect(passed(pieces).text).toBe(DOCUMENT + HIDDEN);
    }
  });

  it('are bounded: what goes on and on behind the mark is not kept', () => {
    const { text } = passed(['event: error\n', ...Array.from({ length: 100 }, () => 'x'.repeat(1000))]);
    expect(text).toHaveLength('event: error\n'.length + 4096);
  });
});

describe('a stream without errors', () => {
  it('passes byte for byte, and each piece at once unless a line could become an error', () => {
    const pieceOf = fc.stringMatching(/^(?:event: err|event: error:|even|e|data: |\n|or|[ -~]|\r)*$/);
    fc.assert(
      fc.property(fc.array(pieceOf, { maxLength: 20 }), (pieces) => {
        fc.pre(!/^event: error\n/m.test(pieces.join('')));
        const { text, at } = passed(pieces);
        expect(text).toBe(pieces.join(''));
        let sent = '';
        for (const [index, piece] of pieces.entries()) {
          sent += piece;
          const waiting = sent.length - at.slice(0, index + 1).join('').length;
          expect('event: error'.startsWith(sent.slice(sent.length - waiting))).toBe(true);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('may hold any bytes', () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, index) => index & 255);
    expect(passed([bytes, bytes]).at.join('')).toBe(Buffer.concat([bytes, bytes]).toString('latin1'));
  });
});
