import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { localIdentity } from './local-identity.ts';

const team = { id: 'team_2222222222222222', name: 'Local', createdAt: 1 };
const identify = localIdentity('okl_right', team, () => false);

function requestFrom(clientAddress: string, token: string): FastifyRequest {
  const raw = { rawHeaders: ['Host', 'h', 'Authorization', `Bearer ${token}`] };
  return { raw, headers: { 'user-agent': 'curl/8.5.0' }, clientAddress } as unknown as FastifyRequest;
}

it('is not needed by a browser that was let in, unless it sends one', async () => {
  const inBrowser = localIdentity('okl_right', team, () => true);
  const bare = { raw: { rawHeaders: [] }, headers: {}, clientAddress: '127.0.0.1' } as unknown as FastifyRequest;
  expect((await inBrowser(bare)).roles).toEqual([{ team, role: 'owner' }]);
  const wrong = requestFrom('127.0.0.1', 'okl_wrong');
  wrong.headers.authorization = 'Bearer okl_wrong';
  await expect(inBrowser(wrong)).rejects.toThrow('not valid here');
});

describe('the local credential', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])(
    'is the owner of the local team from %s',
    async (address) => {
      expect(await identify(requestFrom(address, 'okl_right'))).toEqual({
        requester: { name: 'local', personId: null, session: null, client: 'curl/8.5.0', ip: address },
        roles: [{ team, role: 'owner' }],
        signedIn: null,
      });
    },
  );

  it.each(['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', '2001:db8::1', '128.0.0.1', ''])(
    'opens nothing from %s, though it is right',
    async (address) => {
      await expect(identify(requestFrom(address, 'okl_right'))).rejects.toThrow('not valid here');
    },
  );

  it.each(['okl_wrong', 'okl_righ', 'okl_rightt', 'OKL_RIGHT'])(
    'is compared as a whole: %s opens nothing',
    async (token) => {
      await expect(identify(requestFrom('127.0.0.1', token))).rejects.toThrow('not valid here');
    },
  );
});
