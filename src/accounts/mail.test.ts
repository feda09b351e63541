import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMailer, type SmtpSettings } from './mail.ts';
import { SmtpSink } from './smtp-sink.fixture.ts';

let sink: SmtpSink;
afterEach(() => {
  sink.stop();
  vi.useRealTimers();
});

const problems: unknown[][] = [];

async function mailer(answers: Readonly<Record<string, string | null>> = {}, more: Partial<SmtpSettings> = {}) {
  problems.length = 0;
  sink = await SmtpSink.start(answers);
  const server = { host: '127.0.0.1', port: sink.port, isImplicitTls: false, login: null };
  const from = 'Outkit <outkit@example.com>';
  return createMailer({ ...server, from, ...more }, (what, error) => void problems.push([what, error]));
}

const MAIL = {
  to: 'ada@example.com',
  subject: 'You are invited – Team Ä',
  text: 'Hello\n.\nOpen https://x.example/a?b=c\n',
};

describe('a mail', () => {
  it('arrives: to one person, with its subject and its text', async () => {
    expect(await (await mailer())(MAIL)).toBe(true);
    expect(sink.commands).toContain('MAIL FROM:<outkit@example.com>');
    expect(sink.commands.filter((command) => command.startsWith('RCPT'))).toEqual(['RCPT TO:<ada@example.com>']);
    const [message = ''] = sink.messages;
    expect(message).toMatch(/^From: Outkit <outkit@example\.com>$/m);
    expect(message).toMatch(/^To: ada@example\.com$/m);
    expect(message).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(message).toContain('Hello\n..\nOpen https://x.example/a?b=c');
    expect(problems).toEqual([]);
  });

  it.each([
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com, eve@example.com',
    'ada@example.com>\r\nRCPT TO:<eve@example.com',
    'Ada <ada@example.com>',
    'ada@example.com eve@example.com',
    '"ada eve"@example.com',
    'group: ada@example.com;',
    'ada',
    '',
  ])('to %j is not sent: it could reach somebody else', async (to) => {
    expect(await (await mailer())({ ...MAIL, to })).toBe(false);
    expect(sink.commands).toEqual([]);
    expect(problems).toEqual([['a mail was not sent: its address or subject is not one line', null]]);
  });

  it.each(['Hi\r\nBcc: eve@example.com', 'Hi\nX: y', 'Hi\u2028x', 'Hi\0', '', 'x'.repeat(201)])(
    'with the subject %j is not sent: it could add a header',
    async (subject) => {
      expect(await (await mailer())({ ...MAIL, subject })).toBe(false);
      expect(sink.commands).toEqual([]);
    },
  );

  it('has no header that its text or the look of a file or an address put there', async () => {
    const send = await mailer();
    const text =
      'Bcc: eve@example.com\r\n\r\nfile:///etc/passwd http://127.0.0.1/x\r\n.\r\nMAIL FROM:<eve@example.com>\r\n';
    expect(await send({ ...MAIL, text })).toBe(true);
    const [headers = ''] = (sink.messages[0] ?? '').split('\n\n');
    expect(headers).not.toMatch(/eve/);
    expect(sink.commands.filter((command) => command.startsWith('MAIL'))).toHaveLength(1);
  });

  it('signs in where there is a login', async () => {
    const login = { user: 'outkit', password: 'canary' };
    const send = await mailer({ EHLO: '250-sink\r\n250 AUTH PLAIN', AUTH: '235 ok' }, { login });
    expect(await send(MAIL)).toBe(true);
    expect(sink.commands).toContain(`AUTH PLAIN ${Buffer.from('\0outkit\0canary').toString('base64')}`);
  });
});

describe('a mail that cannot be sent', () => {
  it.each([
    ['the recipient is refused', { RCPT: '550 canary ada@example.com' }, 'EENVELOPE 550'],
    ['the message is refused', { message: '554 canary' }, 'EMESSAGE 554'],
    ['the login is wrong', { EHLO: '250-sink\r\n250 AUTH PLAIN', AUTH: '535 canary' }, 'EAUTH 535'],
    ['the server is none', { greeting: '500 canary' }, 'EPROTOCOL 500'],
  ])('is told without a word of the server, the text or the person: %s', async (_, answers, reason) => {
    const login = { user: 'outkit', password: 'canary' };
    expect(await (await mailer(answers, { login }))(MAIL)).toBe(false);
    expect(problems).toEqual([['a mail could not be sent', expect.objectContaining({ message: reason })]]);
    const [, error] = problems[0] ?? [];
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toMatch(/canary|ada@|invited/);
  });

  it('is told when nobody listens', async () => {
    const send = await mailer();
    sink.stop();
    expect(await send(MAIL)).toBe(false);
    expect(problems).toHaveLength(1);
  });

  it('is given up after 10 s when the server takes its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let taken: boolean | undefined;
    const sent = (await mailer({ MAIL: null }))(MAIL).then((isTaken) => {
      taken = isTaken;
    });
    while (!sink.commands.some((command) => command.startsWith('MAIL'))) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(taken).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await sent;
    expect(taken).toBe(false);
    expect(problems).toEqual([['a mail could not be sent', expect.objectContaining({ message: 'no answer in time' })]]);
  });

  it('is never sent in the clear, but on this machine', async () => {
    // The same machine by an address that is not loopback's.
    const login = { user: 'outkit', password: 'canary' };
    const answers = { EHLO: '250-sink\r\n250 AUTH PLAIN', AUTH: '235 ok', STARTTLS: '502 no' };
    const send = await mailer(answers, { host: '0.0.0.0', login });
    expect(await send(MAIL)).toBe(false);
    expect(sink.commands.map((command) => command.split(' ')[0])).not.toContain('AUTH');
    expect(sink.commands.map((command) => command.split(' ')[0])).not.toContain('MAIL');
    expect(sink.commands.length).toBeGreaterThan(0);
    expect(problems).toEqual([
      ['a mail could not be sent', expect.objectContaining({ message: expect.stringMatching(/^ETLS/) })],
    ]);
  });
});
