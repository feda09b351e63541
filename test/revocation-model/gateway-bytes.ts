import type { Gateway, Read, Sync } from './state.ts';

const FIXED_BYTES = 36;
const READ_BYTES = 5;

/** Makes numbers that can be negative fit a byte. */
export const BIAS = 16;

export function gatewayBytes(reads: number): number {
  return FIXED_BYTES + reads * READ_BYTES;
}

/** Writes a gateway, its reads in the order of their contents, and returns where its bytes end. */
export function writeGateway(gateway: Gateway, reads: number, bytes: Uint8Array, at: number): number {
  const { sync, row } = gateway;
  let cursor = at;
  bytes[cursor++] = gateway.process;
  bytes[cursor++] = gateway.position;
  bytes[cursor++] = gateway.leaseTicks;
  bytes[cursor++] = gateway.leaseSlewed;
  bytes[cursor++] = gateway.held;
  bytes[cursor++] = gateway.rows;
  bytes[cursor++] = gateway.seq;
  bytes[cursor++] = gateway.floor;
  bytes[cursor++] = gateway.aheadTicks + BIAS;
  bytes[cursor++] = gateway.shownTicks + BIAS;
  bytes[cursor++] = gateway.refused;
  bytes[cursor++] = gateway.stream;
  bytes[cursor++] = gateway.oldClock;
  bytes[cursor++] = gateway.synced;
  cursor = writeSync(sync, bytes, cursor);
  cursor = writeSync(gateway.givenUp, bytes, cursor);
  bytes[cursor++] = row.state;
  bytes[cursor++] = row.recorded;
  bytes[cursor++] = row.retiredTicks;
  bytes[cursor++] = row.silentTicks;
  const [first, second] = gateway.reads as [Read, Read];
  const isSwapped = reads === 2 && readOrder(second) > readOrder(first);
  if (reads > 0) cursor = writeRead(isSwapped ? second : first, bytes, cursor);
  if (reads > 1) cursor = writeRead(isSwapped ? first : second, bytes, cursor);
  return cursor;
}

/** Reads into `gateway` what `writeGateway` wrote, and returns where its bytes end. */
export function decodeGateway(gateway: Gateway, reads: number, bytes: Uint8Array, at: number): number {
  const { sync, row } = gateway;
  let cursor = at;
  gateway.process = bytes[cursor++] as number;
  gateway.position = bytes[cursor++] as number;
  gateway.leaseTicks = bytes[cursor++] as number;
  gateway.leaseSlewed = bytes[cursor++] as number;
  gateway.held = bytes[cursor++] as number;
  gateway.rows = bytes[cursor++] as number;
  gateway.seq = bytes[cursor++] as number;
  gateway.floor = bytes[cursor++] as number;
  gateway.aheadTicks = (bytes[cursor++] as number) - BIAS;
  gateway.shownTicks = (bytes[cursor++] as number) - BIAS;
  gateway.refused = bytes[cursor++] as number;
  gateway.stream = bytes[cursor++] as number;
  gateway.oldClock = bytes[cursor++] as number;
  gateway.synced = bytes[cursor++] as number;
  cursor = decodeSync(bytes, cursor, sync);
  cursor = decodeSync(bytes, cursor, gateway.givenUp);
  row.state = bytes[cursor++] as number;
  row.recorded = bytes[cursor++] as number;
  row.retiredTicks = bytes[cursor++] as number;
  row.silentTicks = bytes[cursor++] as number;
  for (let index = 0; index < reads; index++) cursor = decodeRead(bytes, cursor, gateway.reads[index] as Read);
  return cursor;
}

function writeRead(read: Read, bytes: Uint8Array, at: number): number {
  let cursor = at;
  bytes[cursor++] = read.sent;
  bytes[cursor++] = read.rows;
  bytes[cursor++] = read.seq;
  bytes[cursor++] = read.asked;
  bytes[cursor++] = read.joined;
  return cursor;
}

function decodeRead(bytes: Uint8Array, at: number, read: Read): number {
  let cursor = at;
  read.sent = bytes[cursor++] as number;
  read.rows = bytes[cursor++] as number;
  read.seq = bytes[cursor++] as number;
  read.asked = bytes[cursor++] as number;
  read.joined = bytes[cursor++] as number;
  return cursor;
}

function writeSync(sync: Sync, bytes: Uint8Array, at: number): number {
  let cursor = at;
  bytes[cursor++] = sync.phase;
  bytes[cursor++] = sync.aheadTicks + BIAS;
  bytes[cursor++] = sync.leftTicks;
  bytes[cursor++] = sync.slewed;
  bytes[cursor++] = sync.seq;
  bytes[cursor++] = sync.rows;
  bytes[cursor++] = sync.upTo;
  bytes[cursor++] = sync.gap;
  bytes[cursor++] = sync.registered;
  return cursor;
}

function decodeSync(bytes: Uint8Array, at: number, sync: Sync): number {
  let cursor = at;
  sync.phase = bytes[cursor++] as number;
  sync.aheadTicks = (bytes[cursor++] as number) - BIAS;
  sync.leftTicks = bytes[cursor++] as number;
  sync.slewed = bytes[cursor++] as number;
  sync.seq = bytes[cursor++] as number;
  sync.rows = bytes[cursor++] as number;
  sync.upTo = bytes[cursor++] as number;
  sync.gap = bytes[cursor++] as number;
  sync.registered = bytes[cursor++] as number;
  return cursor;
}

function readOrder({ sent, rows, seq, asked, joined }: Read): number {
  return (((sent * 8 + rows) * 8 + seq) * 16 + asked) * 16 + joined;
}
