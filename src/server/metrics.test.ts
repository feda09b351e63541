import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { RenderLine } from './render-watch.ts';
import { serverGauges } from './server-gauges.ts';

const line: RenderLine = {
  at: 0,
  status: 200,
  method: 'POST',
  path: '/render/enhance',
  verdict: 'accepted',
  address: '192.0.2.1',
  keyName: 'a "name"\n',
  start: 'okd_aaaa',
  durationMs: 3,
  blocks: 1,
};

it('counts renders by status and verdict, measures accepted ones, and names no key', async () => {
  const metrics = createMetrics(
    serverGauges({
      hub: { tails: 2, gaps: 1 },
      recorder: { openAnswers: 7, waitingEvents: 5 },
      unknownKeys: { networks: 3 },
    }),
  );
  metrics.observe(line);
  metrics.observe(line);
  metrics.observe({ ...line, status: 401, verdict: 'revoked', durationMs: 900 });
  const text = await metrics.read();
  expect(text).toContain('outkit_renders_total{status="200",verdict="accepted"} 2');
  expect(text).toContain('outkit_renders_total{status="401",verdict="revoked"} 1');
  expect(text).toContain('outkit_render_duration_seconds_count 2');
  expect(text).toContain('outkit_render_duration_seconds_bucket{le="0.0025"} 0');
  expect(text).toContain('outkit_render_duration_seconds_bucket{le="0.005"} 2');
  expect(text).toContain('outkit_tails 2');
  expect(text).toContain('outkit_open_answers 7');
  expect(text).toContain('outkit_events_waiting 5');
  expect(text).toContain('outkit_tail_gaps 1');
  expect(text).toContain('outkit_unknown_key_networks 3');
  expect(text).not.toMatch(/okd_aaaa|a \\"name|192\.0/);
});

it('has every metric that the Grafana dashboard draws', async () => {
  const metrics = createMetrics(
    serverGauges({
      hub: { tails: 0, gaps: 0 },
      recorder: { openAnswers: 0, waitingEvents: 0 },
      unknownKeys: { networks: 0 },
    }),
  );
  metrics.observe(line);
  const names = new Set([...(await metrics.read()).matchAll(/^(outkit_\w+)/gm)].map(([, name]) => name));
  const dashboard = readFileSync(new URL('../../deploy/grafana-dashboard.json', import.meta.url), 'utf8');
  const drawn = [...dashboard.matchAll(/\boutkit_\w+/g)].map(([name]) => name);
  expect(drawn.length).toBeGreaterThan(6);
  expect(drawn.filter((name) => !names.has(name))).toEqual([]);
});
