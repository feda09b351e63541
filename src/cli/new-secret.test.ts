import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { controlApi } from '../client/control-api.ts';
import { httpProfileService } from '../client/http-profile-service.ts';
import { type ErrorCode, OutkitError } from '../core/errors.ts';
import { sendTwice } from './new-secret.ts';

const REPAIR = { command: 'a command', what: 'end it' };
const MAYBE = 'it may have happened all the same, with a key that nobody holds: end it';

/** What the person reads when the tries fail like this, one after the other. */
async function failing(...errors: readonly Error[]): Promise<OutkitError> {
  const left = [...errors];
  const failed = await sendTwice(() => Promise.reject(left.shift()), REPAIR).catch((error) => error);
  expect(left).toEqual([]);
  return failed;
}

function error(code: ErrorCode, systemCode?: string): OutkitError {
  const system = systemCode === undefined ? undefined : Object.assign(new Error('socket'), { code: systemCode });
  const cause = system === undefined ? undefined : new TypeError('fetch failed', { cause: system });
  return new OutkitError(code, 'what', 'the hint', { cause });
}

describe('a request that mints, without an answer to the first try', () => {
  it.each([
    'timeout',
    'unreachable',
    'bad_answer',
    'unauthenticated',
    'rate_limited',
    'internal',
    'unavailable',
  ] as const)('may have taken effect when the second ends in %s', async (code) => {
    for (const first of [error('timeout'), error('unreachable', 'ECONNRESET')]) {
      expect(await failing(first, error(code, code === 'unreachable' ? 'ECONNREFUSED' : undefined))).toMatchObject({
        code,
        message: `what; ${MAYBE}`,
        hint: 'a command',
      });
    }
  });

  it.each(['not_found', 'rotation_in_progress', 'key_not_active', 'profile_archived'] as const)(
    'did not take effect when the second is refused: %s',
    async (code) => {
      expect(await failing(error('timeout'), error(code))).toMatchObject({ code, message: 'what', hint: 'the hint' });
    },
  );

  it('did not take effect when no try left this machine', async () => {
    const unsent = () => error('unreachable', 'ECONNREFUSED');
    expect(await failing(unsent(), unsent())).toMatchObject({ message: 'what', hint: 'the hint' });
    expect(await failing(unsent(), error('timeout'))).toMatchObject({ message: `what; ${MAYBE}` });
    expect(await failing(unsent(), error('unreachable', 'ECONNRESET'))).toMatchObject({ message: `what; ${MAYBE}` });
  });

  it('is known as one that was never sent, or may have been, from what the network tells', async () => {
    const listening = createServer((socket) => socket.destroy());
    const port = await new Promise<number>((resolve) => {
      listening.listen(0, '127.0.0.1', () => resolve(Number((listening.address() as { port: number }).port)));
    });
    const profiles = httpProfileService(controlApi({ url: `http://127.0.0.1:${port}`, token: 'token' }));
    const read = () => sendTwice(() => profiles.list(), REPAIR).catch((thrown) => thrown.message);
    expect(await read()).toContain(MAYBE);
    await new Promise((resolve) => listening.close(resolve));
    expect(await read()).toBe(`Cannot reach the Outkit server at http://127.0.0.1:${port}`);
  });
});
