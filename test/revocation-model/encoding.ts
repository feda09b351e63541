import { type Barrier, type Gateway, initialState, type Read, type State, type Sync } from './state.ts';

const STORE_BYTES = 8;
const BARRIER_BYTES = 4;
const READ_BYTES = 5;
/** Makes numbers that can be negative fit a byte. */
const BIAS = 16;
const GATEWAY_BYTES = 36;

/**
 * States as bytes, and back into one and the same object. Every number of a state is below 256, so a byte each. Reads are written in
 * the order of their contents, since which of two is the first makes no difference; likewise gateways when they are interchangeable.
 */
export class Encoding {
  readonly bytes: number;
  readonly #running: readonly boolean[];
  readonly #endsInTicks: number;
  readonly #interchangeable: boolean;
  readonly #inOrder: Uint8Array;
  readonly #swapped: Uint8Array;
  #cursor = 0;

  constructor(running: readonly boolean[], reads: number, endsInTicks: number, interchangeable: boolean) {
    this.#endsInTicks = endsInTicks;
    this.#running = running;
    this.#interchangeable = interchangeable && running.length === 2;
    this.#reads = reads;
    this.bytes = STORE_BYTES + 3 * BARRIER_BYTES + running.length * (GATEWAY_BYTES + reads * READ_BYTES);
    this.#inOrder = new Uint8Array(this.bytes);
    this.#swapped = new Uint8Array(this.bytes);
  }

  readonly #reads: number;

  initial(): State {
    return initialState(this.#running, this.#endsInTicks);
  }

  /** The bytes of a state, the same for states that differ in nothing that matters. Valid until the next call. */
  encode(state: State): Uint8Array {
    const inOrder = this.#write(state, this.#inOrder, false);
    if (!this.#interchangeable) return inOrder;
    const swapped = this.#write(state, this.#swapped, true);
    return isLess(swapped, inOrder) ? swapped : inOrder;
  }

  #write(state: State, bytes: Uint8Array, swap: boolean): Uint8Array {
    this.#cursor = 0;
    bytes[this.#cursor++] = state.seq;
    bytes[this.#cursor++] = state.rows;
    bytes[this.#cursor++] = state.pruned;
    bytes[this.#cursor++] = state.endsInTicks + BIAS;
    bytes[this.#cursor++] = state.begun;
    bytes[this.#cursor++] = state.begunTicks;
    bytes[this.#cursor++] = swap ? swapBits(state.begunMembers) : state.begunMembers;
    bytes[this.#cursor++] = state.violation;
    for (const barrier of state.barriers) this.#writeBarrier(barrier, bytes, swap);
    const gateways = state.gateways;
    for (let index = 0; index < gateways.length; index++) {
      this.#writeGateway(gateways[swap ? gateways.length - 1 - index : index] as Gateway, bytes);
    }
    return bytes;
  }

  #writeBarrier({ phase, seq, sinceCommitTicks, members }: Barrier, bytes: Uint8Array, swap: boolean): void {
    bytes[this.#cursor++] = phase;
    bytes[this.#cursor++] = seq;
    bytes[this.#cursor++] = sinceCommitTicks;
    bytes[this.#cursor++] = swap ? swapBits(members) : members;
  }

  #writeGateway(gateway: Gateway, bytes: Uint8Array): void {
    const { sync, row } = gateway;
    let cursor = this.#cursor;
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
    this.#cursor = cursor;
    const [first, second] = gateway.reads as [Read, Read];
    const isSwapped = this.#reads === 2 && readOrder(second) > readOrder(first);
    if (this.#reads > 0) this.#writeRead(isSwapped ? second : first, bytes);
    if (this.#reads > 1) this.#writeRead(isSwapped ? first : second, bytes);
  }

  #writeRead(read: Read, bytes: Uint8Array): void {
    bytes[this.#cursor++] = read.sent;
    bytes[this.#cursor++] = read.rows;
    bytes[this.#cursor++] = read.seq;
    bytes[this.#cursor++] = read.asked;
    bytes[this.#cursor++] = read.joined;
  }

  /** Reads a state from `bytes`, from `at` on, into `state`. */
  decode(bytes: Uint8Array, at: number, state: State): void {
    this.#cursor = at;
    state.seq = bytes[this.#cursor++] as number;
    state.rows = bytes[this.#cursor++] as number;
    state.pruned = bytes[this.#cursor++] as number;
    state.endsInTicks = (bytes[this.#cursor++] as number) - BIAS;
    state.begun = bytes[this.#cursor++] as number;
    state.begunTicks = bytes[this.#cursor++] as number;
    state.begunMembers = bytes[this.#cursor++] as number;
    state.violation = bytes[this.#cursor++] as number;
    for (const barrier of state.barriers) {
      barrier.phase = bytes[this.#cursor++] as number;
      barrier.seq = bytes[this.#cursor++] as number;
      barrier.sinceCommitTicks = bytes[this.#cursor++] as number;
      barrier.members = bytes[this.#cursor++] as number;
    }
    for (const gateway of state.gateways) this.#decodeGateway(bytes, gateway);
  }

  #decodeGateway(bytes: Uint8Array, gateway: Gateway): void {
    const { sync, row } = gateway;
    let cursor = this.#cursor;
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
    for (let index = 0; index < this.#reads; index++) {
      const read = gateway.reads[index] as Read;
      read.sent = bytes[cursor++] as number;
      read.rows = bytes[cursor++] as number;
      read.seq = bytes[cursor++] as number;
      read.asked = bytes[cursor++] as number;
      read.joined = bytes[cursor++] as number;
    }
    this.#cursor = cursor;
  }
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

function swapBits(members: number): number {
  return ((members & 1) << 1) | (members >> 1);
}

function isLess(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < left.length; index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
