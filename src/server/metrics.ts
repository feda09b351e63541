import { Counter, collectDefaultMetrics, Histogram, Gauge as PromGauge, Registry } from 'prom-client';
import type { RenderLine } from './render-watch.ts';

/** A value that is asked for when somebody reads, since it changes by itself. No label: its number is bounded. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: () => number;
}

export interface Metrics {
  readonly contentType: string;
  observe(line: RenderLine): void;
  /** In the text format of Prometheus. */
  read(): Promise<string>;
}

/** Seconds, around what a render takes. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * Metrics for Prometheus: renders by status and verdict, their latency, tails, answers that run, and those of the process. No
 * label has a key, a person or an address, so that their number is bounded.
 */
export function createMetrics(gauges: readonly Gauge[]): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'outkit_' });
  const renders = new Counter({
    name: 'outkit_renders_total',
    help: 'Answers of the renderer, by status and by what the gateway said of the key.',
    labelNames: ['status', 'verdict'] as const,
    registers,
  });
  const latency = new Histogram({
    name: 'outkit_render_duration_seconds',
    help: 'From the request to the end of its answer, for accepted requests.',
    buckets: BUCKETS,
    registers,
  });
  for (const { name, help, value } of gauges) {
    new PromGauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
  return {
    contentType: registry.contentType,
    observe({ status, verdict, durationMs }) {
      renders.inc({ status, verdict });
      if (verdict === 'accepted') latency.observe(durationMs / 1000);
    },
    read: () => registry.metrics(),
  };
}
