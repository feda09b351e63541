import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { NOON } from '../key-builder.ts';
import { RedisServer } from '../redis-server.ts';
import { aKeyId, limitedKey, openLimits } from './limited-key.ts';

/** A certificate for `localhost` that nobody vouches for. */
function selfSigned(): { key: string; certificate: string } {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-certificate-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const asked = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...asked, ...named, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { key, certificate };
}

test('rediss:// counts in a Redis whose certificate this system trusts for its name, and in no other', async (context) => {
  const { key, certificate } = selfSigned();
  const port = await freePort();
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
  await RedisServer.start(context, ['--tls-port', String(port), '--tls-auth-clients', 'no', ...files]);
  const stranger = await openLimits(`rediss://localhost:${port}`);
  expect(stranger.problems).toEqual([
    'Redis is away (DEPTH_ZERO_SELF_SIGNED_CERT): each gateway counts rate limits for itself',
  ]);
  const trusted = getCACertificates('default');
  onTestFinished(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([...trusted, readFileSync(certificate, 'utf8')]);
  const { limits } = await openLimits(`rediss://localhost:${port}`);
  expect(await limits.spend(limitedKey(aKeyId(), 3), NOON)).toMatchObject({ isWithin: true, remaining: 2 });
  expect(limits.facts()).toEqual({ isReachable: true, judgedLocally: 0, vanishedWindows: 0 });
  const misnamed = await openLimits(`rediss://127.0.0.1:${port}`);
  expect(misnamed.problems).toEqual([
    'Redis is away (ERR_TLS_CERT_ALTNAME_INVALID): each gateway counts rate limits for itself',
  ]);
});
