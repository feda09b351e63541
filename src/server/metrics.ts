import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RenderLine } from './render-gate.ts';

/** What is asked for when somebody reads, since it changes by itself. */
export interface MetricSources {
  /** Tails of render events that are open. */
  readonly tails: () => number;
  /** Answers that were begun and are not yet over. */
  readonly openAnswers: () => number;
  /** Events that happened and are not stored yet. */
  readonly waitingEvents: () => number;
  /** Gaps that tails were told of, since the start. */
  readonly tailGaps: () => number;
  /** Networks that sent unknown keys in the last minutes. */
  readonly unknownKeyNetworks: () => number;
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
export function createMetrics(sources: MetricSources): Metrics {
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
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('outkit_tails', 'Tails of render events that are open.', sources.tails);
  gauge('outkit_open_answers', 'Answers that were begun and are not yet over.', sources.openAnswers);
  gauge('outkit_events_waiting', 'Events that happened and are not stored yet.', sources.waitingEvents);
  gauge(
    'outkit_tail_gaps',
    'Gaps in tails since the start: events that were removed before a reader got them.',
    sources.tailGaps,
  );
  gauge(
    'outkit_unknown_key_networks',
    'Addresses, of IPv6 networks, that sent unknown or malformed keys in the last 10 minutes.',
    sources.unknownKeyNetworks,
  );
  return {
    contentType: registry.contentType,
    observe({ status, verdict, durationMs }) {
      renders.inc({ status, verdict });
      if (verdict === 'accepted') latency.observe(durationMs / 1000);
    },
    read: () => registry.metrics(),
  };
}
