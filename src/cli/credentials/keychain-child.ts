/**
 * The process that speaks to the keychain, for `keychain.ts`: a request as JSON on standard input, what the keychain then holds for
 * that server as JSON on standard output. Ends with an error when there is no keychain, or no package for it.
 */
import { text } from 'node:stream/consumers';
import { Entry } from '@napi-rs/keyring';
import type { KeychainRequest } from './keychain.ts';

const SERVICE = 'outkit';

const request: KeychainRequest = JSON.parse(await text(process.stdin));
// The kernel's keyring, which it would else fall back to, forgets at the next start of the machine.
const entry = new Entry(SERVICE, request.server, { linux: { store: 'secret-service' } });
if (request.action === 'write') entry.setPassword(request.credential);
if (request.action === 'remove') entry.deleteCredential();
process.stdout.write(JSON.stringify({ credential: entry.getPassword() }));
