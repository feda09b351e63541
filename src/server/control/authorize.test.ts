import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { callerOf } from './authorize.ts';

const caller = { teamId: 'team_2222222222222222', name: 'local' };
const local = { token: 'okl_right', caller };
const reply = { header: () => reply } as unknown as FastifyReply;

function requestFrom(clientAddress: string, token: string): FastifyRequest {
  const raw = { rawHeaders: ['Host', 'h', 'Authorization', `Bearer ${token}`] };
  return {
    raw,
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'curl/8.5.0' },
    clientAddress,
  } as unknown as FastifyRequest;
}

describe('the local credential', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('opens the control API from %s', (address) => {
    expect(callerOf(requestFrom(address, 'okl_right'), reply, local)).toEqual({
      ...caller,
      client: 'curl/8.5.0',
      ip: address,
    });
  });

  it.each(['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', '2001:db8::1', '128.0.0.1', '', 'unknown'])(
    'opens nothing from %s, though it is right',
    (address) => {
      expect(() => callerOf(requestFrom(address, 'okl_right'), reply, local)).toThrow('not valid here');
    },
  );

  it.each(['okl_wrong', 'okl_righ', 'okl_rightt', 'OKL_RIGHT'])('is compared as a whole: %s opens nothing', (token) => {
    expect(() => callerOf(requestFrom('127.0.0.1', token), reply, local)).toThrow('not valid here');
  });
});
