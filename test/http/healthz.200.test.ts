import { describe, expect, it } from 'vitest';
import { NOON } from '../key-builder.ts';
import { headerOf } from './raw-http.ts';
import { ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

describe('GET /healthz', () => {
  it('tells anybody the version, and the time by which keys are judged; nothing keeps the answer', async () => {
    http.server.advance(90_500);
    const answer = await http.send({ target: '/healthz' });
    expect(answer.status).toBe(200);
    expect(headerOf(answer, 'cache-control')).toBe('no-store');
    const time = new Date(NOON + 90_500).toISOString();
    expect(JSON.parse(answer.body)).toEqual({ status: 'ok', version: '1.2.3', time });
  });
});
