import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { OutkitError } from '../core/errors.ts';
import { mintSecret } from '../core/secret.ts';
import { openServerLog, type RequestLine } from './server-log.ts';

const KEY = mintSecret('production', seededRandom(1));
const CREDENTIAL = `okt_${'Az09_-'.repeat(8).slice(0, 43)}`;

function newLog(level: 'error' | 'warn' | 'info' = 'info') {
  const lines: string[] = [];
  const log = openServerLog({ level, clock: { now: () => NOON }, write: (line) => lines.push(line) });
  return { log, lines, objects: () => lines.map((line) => JSON.parse(line)) };
}

const line: RequestLine = {
  requestId: 'req_2222222222222222',
  method: 'POST',
  path: '/render/enhance',
  status: 200,
  durationMs: 1.23456,
  address: '203.0.113.7',
  verdict: 'accepted',
  keyId: 'key_2222222222222222',
  start: KEY.slice(0, 8),
  personId: null,
};

describe('the log', () => {
  it('has a line for a request, with these fields and no more', () => {
    const { log, lines, objects } = newLog();
    log.request(line);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(objects()).toEqual([
      {
        level: 'info',
        time: new Date(NOON).toISOString(),
        msg: 'request',
        ...line,
        start: `${KEY.slice(0, 8)}••••••••`,
        durationMs: 1.235,
      },
    ]);
  });

  it('masks keys and sessions wherever they stand, and cuts what is long', () => {
    const { log, lines, objects } = newLog();
    log.request({ ...line, path: `/render/${KEY}` });
    log.request({ ...line, path: `/v1/${CREDENTIAL}/${'x'.repeat(10_000)}` });
    const cause = new Error(`cause ${CREDENTIAL}`);
    log.problem(`failed for ${KEY}`, new OutkitError('unavailable', `with ${KEY}`, null, { cause }));
    log.notice(`told of ${KEY}`);
    const text = lines.join('');
    expect(text).not.toContain(KEY.slice(8));
    expect(text).not.toContain(CREDENTIAL.slice(4));
    expect(text.length).toBeLessThan(5_000);
    expect(objects()[2]).toMatchObject({
      level: 'error',
      error: { name: 'OutkitError', code: 'unavailable', cause: { name: 'Error' } },
    });
    expect(objects()[2].error.stack).toContain('server-log.test.ts');
  });

  it('takes no property of an error that it does not know', () => {
    const { log, lines } = newLog();
    log.problem(
      'failed',
      Object.assign(new Error('no'), { request: { headers: { cookie: 'canary' } }, sql: 'canary' }),
    );
    log.problem('failed', { password: 'canary' });
    log.problem('failed', 'canary');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('canary');
  });

  it('stays one line for each, whatever is in it', () => {
    const { log, objects, lines } = newLog();
    log.request({ ...line, path: '/\n{"level":"info"}\u2028', method: 'GET\r\n' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(objects()[0].path).toBe('/\n{"level":"info"}\u2028');
  });

  it('says no more than its level asks for', () => {
    const levels = (level: 'error' | 'warn' | 'info') => {
      const { log, objects } = newLog(level);
      log.request(line);
      log.problem('known', null);
      log.problem('failed', new Error('no'));
      return objects().map((object) => object.level);
    };
    expect(levels('info')).toEqual(['info', 'warn', 'error']);
    expect(levels('warn')).toEqual(['warn', 'error']);
    expect(levels('error')).toEqual(['error']);
  });
});
