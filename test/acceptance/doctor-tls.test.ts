import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { examine, findingsOf } from './doctor-report.ts';
import { type Project, temporaryProject } from './outkit.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

/** A self-signed certificate for an address, in the project. */
function certify(project: Project, days: number, name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  const more = ['-subj', '/CN=test', '-addext', `subjectAltName=${name}`, '-days', String(days), '-out', 'cert.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, ...more], { cwd: project.directory, stdio: 'ignore' });
}

/** The server behind TLS, for one test. */
async function serveTls(project: Project): Promise<string> {
  const options = { key: readFileSync(project.path('key.pem')), cert: readFileSync(project.path('cert.pem')) };
  const proxy = createServer(options, async (request, response) => {
    const authorization = request.headers.authorization ?? '';
    const answer = await fetch(new URL(request.url ?? '/', server.url), { headers: { authorization } });
    const type = answer.headers.get('content-type') ?? '';
    response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
  });
  proxy.on('tlsClientError', () => {});
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function tlsOf(days: number, env: Record<string, string> = {}, name = 'IP:127.0.0.1') {
  const project = temporaryProject({ files: { 'outkit.json': `{ "profile": "${server.profileId}" }` } });
  certify(project, days, name);
  const url = await serveTls(project);
  const trusted = { NODE_EXTRA_CA_CERTS: project.path('cert.pem') };
  const all = { OUTKIT_API_URL: url, OUTKIT_TOKEN: server.token, ...trusted, ...env };
  const report = await examine(project, [], { env: all });
  return { tls: findingsOf(report, 'tls')[0], server: findingsOf(report, 'server')[0], report };
}

describe('doctor, about TLS', () => {
  it('passes a certificate that is trusted, and speaks to the server', async () => {
    const { tls, server: reached, report } = await tlsOf(90);
    expect(tls?.verdict).toBe('pass');
    expect(tls?.detail).toMatch(/^the certificate is valid for (89|90) more days, until /);
    expect(reached).toMatchObject({ verdict: 'pass' });
    expect(findingsOf(report, 'credential')).toMatchObject([{ verdict: 'pass' }]);
  });

  it('warns of one that ends within two weeks', async () => {
    expect((await tlsOf(5)).tls).toMatchObject({ verdict: 'warn', fix: 'renew the certificate of the server' });
  });

  it('fails one that nobody vouches for, and one for another name', async () => {
    const untrusted = await tlsOf(90, { NODE_EXTRA_CA_CERTS: '' });
    expect(untrusted.tls).toEqual({
      verdict: 'fail',
      detail: 'the certificate is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT)',
      fix: 'export NODE_EXTRA_CA_CERTS=<your CA>.pem',
    });
    expect(untrusted.server).toMatchObject({ verdict: 'fail' });
    expect((await tlsOf(90, {}, 'DNS:elsewhere.example')).tls?.detail).toMatch(/^the certificate is for another name/);
  });

  it('fails NODE_TLS_REJECT_UNAUTHORIZED=0, and keeps the token to itself', async () => {
    const project = temporaryProject();
    certify(project, 90, 'IP:127.0.0.1');
    const url = await serveTls(project);
    const env = { OUTKIT_API_URL: url, OUTKIT_TOKEN: server.token, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { stdout } = await project.run(['doctor', '--json'], { env });
    const report = JSON.parse(stdout);
    expect(findingsOf(report, 'tls')).toMatchObject([{ verdict: 'fail', fix: 'unset NODE_TLS_REJECT_UNAUTHORIZED' }]);
    expect(findingsOf(report, 'credential')).toMatchObject([{ verdict: 'fail' }]);
  });
});
