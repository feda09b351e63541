import { useQuery } from '@tanstack/react-query';
import { HOUR_MS } from '../../../../src/core/clock.ts';
import type { PreviousSecretUse } from '../../../../src/core/key-service.ts';
import { answeredOf } from '../../../../src/core/usage-series.ts';
import { Bars } from '../../charts/bars.tsx';
import { statsQuery } from '../../server/queries.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { fullTime } from '../../times.ts';

const words = keyLifeTexts.grace;
/** Fewer hours than this are told by the share alone. */
const LEAST_BARS = 2;

interface GraceChartProps {
  readonly keyId: string;
  readonly old: PreviousSecretUse;
}

/** Hour by hour since a rotation, how much went to the old secret and how much to the new one. */
export function GraceChart({ keyId, old }: GraceChartProps) {
  const { data } = useQuery(statsQuery(keyId, hoursSince(old.supersededAt)));
  const points = data?.series.filter(({ at }) => at + HOUR_MS > old.supersededAt) ?? [];
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < LEAST_BARS || first === undefined || last === undefined) return null;
  const most = Math.max(1, ...points.map(answeredOf));
  const onOld = points.reduce((sum, { onPreviousSecret }) => sum + onPreviousSecret, 0);
  const all = points.reduce((sum, point) => sum + answeredOf(point), 0);
  const bars = points.map((point) => {
    const { at, onPreviousSecret } = point;
    const onNew = answeredOf(point) - onPreviousSecret;
    return {
      key: String(at),
      parts: [
        { tone: 'warn', share: onPreviousSecret / most },
        { tone: 'accent', share: onNew / most },
      ] as const,
      title: words.hour(fullTime(at), onPreviousSecret, onNew),
    };
  });
  return (
    <Bars
      bars={bars}
      label={words.chart(onOld, all - onOld)}
      legend={[
        { tone: 'warn', name: words.oldUse },
        { tone: 'accent', name: words.newUse },
      ]}
      span={[fullTime(first.at), fullTime(last.at)]}
    />
  );
}

/** In whole hours, so that the question stays the same for one. */
function hoursSince(time: number): number {
  return Math.max(1, Math.ceil((Date.now() - time) / HOUR_MS)) * HOUR_MS;
}
