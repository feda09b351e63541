import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventFrame, gapFrame } from '../../event-server.ts';
import { aRenderEvent } from '../../render-event-builder.ts';

const TICK_MS = 10;

/** Stands before a real server and passes everything on, but for streams of events: those are its own, as many a second as a test wants. */
export class EventFlood {
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;
  /** Events that were sent, numbered from 1. */
  sent = 0;

  constructor(behind: string) {
    this.#server = createServer((incoming, response) => {
      if (/\/events\/stream\?/.test(incoming.url ?? '')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': heartbeat\n\n');
        this.#streams.add(response);
        response.on('close', () => this.#streams.delete(response));
        return;
      }
      const headers = { ...incoming.headers, host: new URL(behind).host };
      const onward = request(new URL(incoming.url ?? '/', behind), { method: incoming.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      incoming.pipe(onward);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many streams stand. */
  get streams(): number {
    return this.#streams.size;
  }

  /** Sends that many events a second, whatever the machine is doing: what a late tick missed comes with the next one. */
  begin(eventsPerSecond: number): void {
    const startedAt = performance.now() - (this.sent / eventsPerSecond) * 1000;
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * eventsPerSecond);
      this.send(due - this.sent);
    }, TICK_MS);
  }

  send(count: number): void {
    let frames = '';
    for (let index = 0; index < count; index++) {
      this.sent += 1;
      const event = aRenderEvent({ durationUs: this.sent, keyName: `key ${this.sent % 7}` });
      frames += eventFrame({ ...event, seq: this.sent }).text;
    }
    for (const stream of this.#streams) stream.write(frames);
  }

  /** Says that events are gone behind those that were sent. */
  tellGap(missed: number): void {
    this.sent += missed;
    for (const stream of this.#streams) stream.write(gapFrame(missed, this.sent).text);
  }

  pause(): void {
    clearInterval(this.#timer);
  }

  async stop(): Promise<void> {
    this.pause();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
