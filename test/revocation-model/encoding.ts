import { BIAS, decodeGateway, gatewayBytes, writeGateway } from './gateway-bytes.ts';
import { type Barrier, type Gateway, initialState, type State } from './state.ts';

const STORE_BYTES = 8;
const BARRIER_BYTES = 4;

/**
 * States as bytes, and back into one and the same object. Every number of a state is below 256, so a byte each. Reads are written in
 * the order of their contents, since which of two is the first makes no difference; likewise gateways when they are interchangeable.
 */
export class Encoding {
  readonly bytes: number;
  readonly #running: readonly boolean[];
  readonly #reads: number;
  readonly #endsInTicks: number;
  readonly #interchangeable: boolean;
  readonly #inOrder: Uint8Array;
  readonly #swapped: Uint8Array;
  #cursor = 0;

  constructor(running: readonly boolean[], reads: number, endsInTicks: number, interchangeable: boolean) {
    this.#running = running;
    this.#reads = reads;
    this.#endsInTicks = endsInTicks;
    this.#interchangeable = interchangeable && running.length === 2;
    this.bytes = STORE_BYTES + 3 * BARRIER_BYTES + running.length * gatewayBytes(reads);
    this.#inOrder = new Uint8Array(this.bytes);
    this.#swapped = new Uint8Array(this.bytes);
  }

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
      const gateway = gateways[swap ? gateways.length - 1 - index : index] as Gateway;
      this.#cursor = writeGateway(gateway, this.#reads, bytes, this.#cursor);
    }
    return bytes;
  }

  #writeBarrier({ phase, seq, sinceCommitTicks, members }: Barrier, bytes: Uint8Array, swap: boolean): void {
    bytes[this.#cursor++] = phase;
    bytes[this.#cursor++] = seq;
    bytes[this.#cursor++] = sinceCommitTicks;
    bytes[this.#cursor++] = swap ? swapBits(members) : members;
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
    for (const gateway of state.gateways) this.#cursor = decodeGateway(gateway, this.#reads, bytes, this.#cursor);
  }
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
