import type { KeyService } from '../core/key-service.ts';
import { keyChanges } from './key-changes.ts';
import { keyReads } from './key-reads.ts';
import type { Caller, KeyServicePorts } from './key-service-ports.ts';

/** The key service itself, for one caller: reaches keys through the caller's team only. */
export function keyServices(ports: KeyServicePorts, caller: Caller): KeyService {
  return { ...keyReads(ports, caller), ...keyChanges(ports, caller) };
}
