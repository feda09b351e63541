import { expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { embeddedGatewayService } from './embedded-gateway-service.ts';

const IDENTITY = { id: '1'.repeat(32), name: 'local', version: '1.2.3' };

it('an embedded server is its one gateway, which has every change and cannot be evicted', async () => {
  let now = NOON;
  const service = embeddedGatewayService(IDENTITY, { now: () => now });
  now += 5_000;
  expect(await service.list()).toEqual([
    { ...IDENTITY, state: 'serving', startedAt: NOON, seenAt: now, retiredAt: null, appliedSeq: null, behind: 0 },
  ]);
  await expect(service.evict(IDENTITY.id)).rejects.toMatchObject({ code: 'bad_request' });
  await expect(service.evict('2'.repeat(32))).rejects.toMatchObject({ code: 'not_found' });
});
