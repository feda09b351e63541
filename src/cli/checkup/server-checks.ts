import { isoTime } from '../../api/bounds.ts';
import { DAY_MS } from '../../core/clock.ts';
import { commandLine, shellWord } from '../command-line.ts';
import type { ServerSource } from '../server-choice.ts';
import { VERSION } from '../version.ts';
import { type Finding, fail, judged, pass, warn } from './check.ts';
import { needed } from './fact.ts';
import type { Facts } from './facts.ts';

/** Why a server is the one that is used. */
export const SERVER_SOURCES: Readonly<Record<ServerSource, string>> = {
  flag: 'from --api-url',
  environment: 'from OUTKIT_API_URL',
  config: 'from outkit.json',
  dev: 'the running outkit dev of this project',
  login: 'the one that you are logged in to',
};

const NO_ANSWER = 'needs a server that answers';
const EXPIRES_SOON_MS = 14 * DAY_MS;
const SKEW_WARN_MS = 2_000;
const SKEW_FAIL_MS = 60_000;

export function checkServer({ server, health }: Pick<Facts, 'server' | 'health'>): Finding {
  return judged(server, ({ url, source, unusedDev }) =>
    judged(health, ({ sentAt, receivedAt }) => {
      const unused = unusedDev === null ? '' : `; the outkit dev at ${unusedDev} is not used`;
      return pass(`${url} (${SERVER_SOURCES[source]}) answers within ${receivedAt - sentAt} ms${unused}`);
    }),
  );
}

export function checkVersion({ server, health }: Pick<Facts, 'server' | 'health'>): Finding {
  return judged(needed(health, NO_ANSWER), ({ health: { version } }) => {
    if (version === VERSION) return pass(`${VERSION}, here and on the server`);
    const isDev = server.kind === 'known' && server.value.dataDirectory !== null;
    const fix = isDev
      ? 'stop outkit dev with Ctrl-C, then outkit dev'
      : `npm install -g ${shellWord(`outkit@${version}`)}`;
    return warn(`this is outkit ${VERSION}, the server has ${version}`, fix);
  });
}

export function checkTls(facts: Pick<Facts, 'server' | 'certificate' | 'trustsAnybody' | 'now'>): Finding {
  if (facts.trustsAnybody) {
    const what = 'NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pose as the server';
    return fail(what, 'unset NODE_TLS_REJECT_UNAUTHORIZED');
  }
  return judged(facts.certificate, (certificate) => {
    if (certificate === null) return pass('not needed: the server is on this machine');
    const { problem, expiresAt } = certificate;
    if (problem !== null) return distrusted(problem);
    const days = Math.floor((expiresAt - facts.now) / DAY_MS);
    const detail = `the certificate is valid for ${days} more days, until ${isoTime(expiresAt)}`;
    return expiresAt - facts.now < EXPIRES_SOON_MS ? warn(detail, 'renew the certificate of the server') : pass(detail);
  });
}

function distrusted(problem: string): Finding {
  if (problem === 'CERT_HAS_EXPIRED') {
    return fail('the certificate has expired', 'renew the certificate of the server');
  }
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return fail('the certificate is for another name than that of the server', 'check the address of the server');
  }
  return fail(`the certificate is not trusted here (${problem})`, 'export NODE_EXTRA_CA_CERTS=<your CA>.pem');
}

/** Half of the way there and back is as far as the two clocks can seem apart without being so. */
export function checkClock({ health }: Pick<Facts, 'health'>): Finding {
  return judged(needed(health, NO_ANSWER), ({ health: { time }, sentAt, receivedAt }) => {
    const ahead = (sentAt + receivedAt) / 2 - time;
    const certainMs = Math.abs(ahead) - (receivedAt - sentAt) / 2;
    if (certainMs <= SKEW_WARN_MS) return pass('agrees with that of the server');
    const detail = `this machine is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the server`;
    const fix = 'turn on network time (NTP) on the machine whose clock is wrong';
    return certainMs > SKEW_FAIL_MS ? fail(detail, fix) : warn(detail, fix);
  });
}

export function checkProfile({ config, profiles }: Pick<Facts, 'config' | 'profiles'>): Finding {
  return judged(needed(config, 'needs outkit.json'), ({ config: read }) =>
    judged(needed(profiles, 'needs a server that takes the credential'), (all) => {
      const standing = all.filter(({ archivedAt }) => archivedAt === null);
      const names = standing.map(({ id, name }) => `${id} (${name})`).join(', ');
      const [first] = standing;
      const there = first === undefined ? 'there are none yet' : `there are ${names}`;
      const fix =
        first === undefined
          ? commandLine(['profiles', 'create', '-n', 'Web', '--use'])
          : commandLine(['profiles', 'use', first.id]);
      if (read?.profile === undefined) return warn(`outkit.json names no profile; ${there}`, fix);
      const active = all.find(({ id }) => id === read.profile);
      if (active === undefined) return fail(`${read.profile} of outkit.json is not on the server; ${there}`, fix);
      const label = `${active.name} (${active.id}, ${active.plan})`;
      return active.archivedAt === null ? pass(label) : fail(`${label} is archived: all its keys are refused`, fix);
    }),
  );
}
