import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GatewaySummary } from '../../../src/core/gateway-service.ts';
import { Loading } from '../controls/loading.tsx';
import { Notice } from '../controls/notice.tsx';
import { Problem } from '../controls/problem.tsx';
import table from '../controls/table.module.css';
import { usePlace } from '../place/place.tsx';
import { gatewaysQuery } from '../server/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { gatewaysTexts as words } from '../texts/gateways.ts';
import { Barriers } from './barriers.tsx';
import { EvictDialog } from './evict-dialog.tsx';
import { GatewaysTable } from './gateways-table.tsx';

/** The servers that judge keys; where there is but one, a line that says so. */
export default function GatewaysPage() {
  usePageTitle(words.title);
  const { data: gateways, error, refetch } = useQuery(gatewaysQuery);
  return (
    <>
      <div className={table.head}>
        <h1>{words.title}</h1>
      </div>
      {gateways !== undefined ? (
        <Gateways gateways={gateways} />
      ) : error === null ? (
        <Loading />
      ) : (
        <Problem error={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Gateways({ gateways }: { readonly gateways: readonly GatewaySummary[] }) {
  const { me } = usePlace();
  const [leaving, setLeaving] = useState<GatewaySummary | null>(null);
  const [first] = gateways;
  // Where changes have no numbers, nobody else has to apply them.
  if (first !== undefined && first.appliedSeq === null) {
    return <Notice title={words.alone.title} text={words.alone.text(first.version)} />;
  }
  const mayEvict = me.teams.some(({ role }) => role === 'owner');
  return (
    <>
      <p className={table.lead}>{words.lead}</p>
      <GatewaysTable gateways={gateways} onEvict={mayEvict ? setLeaving : null} />
      <Barriers />
      {leaving === null ? null : <EvictDialog gateway={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}
