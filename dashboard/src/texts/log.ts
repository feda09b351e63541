import type { RenderEvent } from '../../../src/core/render-event.ts';
import { counted, number } from '../texts.ts';

/** Words of the live log. */

/** Why a request was refused; nothing for one that was not. */
const VERDICTS: Readonly<Record<RenderEvent['verdict'], string>> = {
  accepted: '',
  missing: 'No key',
  malformed: 'No key of ours',
  unknown: 'Unknown key',
  revoked: 'Revoked',
  superseded: 'Old secret',
  expired: 'Expired',
  archived: 'Archived',
  rate_limited: 'Over the limit',
  unavailable: 'Unavailable',
};

function noteOf({ verdict, blocks, isInterrupted, count }: RenderEvent): string {
  const what = isInterrupted ? 'Interrupted' : VERDICTS[verdict] || (blocks === null ? '' : counted(blocks, 'block'));
  return count > 1 ? `${what} ×${number(count)}` : what;
}

export const logTexts = {
  title: 'Live log',
  connection: {
    connecting: 'Connecting',
    live: 'Live',
    lost: 'Connection lost, trying again',
    failed: 'Ended',
  },
  keyFilter: 'Key',
  anyKey: 'All keys',
  statusFilter: 'Status',
  anyStatus: 'Any status',
  statuses: {
    '2xx': 'Served (2xx)',
    errors: 'Errors (4xx, 5xx)',
    '4xx': 'Client errors (4xx)',
    '5xx': 'Server errors (5xx)',
    '401': 'Refused keys (401)',
    '429': 'Over the limit (429)',
  },
  pathFilter: 'Path',
  anyPath: 'Any path',
  allProfiles: 'All profiles of the team',
  pause: 'Pause',
  resume: 'Follow',
  paused: (fresh: number) => (fresh === 0 ? 'Paused' : `Paused · ${number(fresh)} new`),
  counted: (shown: number, all: number) =>
    shown === all ? counted(all, 'event') : `the newest ${number(shown)} of ${counted(all, 'event')}`,
  columns: { time: 'Time', status: 'Status', duration: 'Took', key: 'Key', route: 'Request', note: 'Outcome' },
  note: noteOf,
  gap: (missed: number | null) =>
    missed === null
      ? 'Some of what happened meanwhile is not kept any more'
      : `${counted(missed, 'event')} missed here`,
  none: { title: 'Waiting for requests', text: 'Each request of a key stands here as soon as it is answered.' },
  outcome: (event: RenderEvent) =>
    event.isInterrupted
      ? 'The server ended before the answer did.'
      : event.count > 1
        ? `${noteOf(event)}: requests of one second that were alike.`
        : event.verdict === 'accepted'
          ? 'Answered.'
          : `Refused: ${VERDICTS[event.verdict].toLowerCase()}.`,
  detail: {
    title: 'One request',
    at: 'Finished',
    key: 'Key',
    duration: 'Took',
    blocks: 'Blocks',
    noBlocks: 'none',
    bytes: 'Bytes',
    inAndOut: (bytesIn: number, bytesOut: number) => `${number(bytesIn)} in, ${number(bytesOut)} out`,
    ip: 'From',
    agent: 'Agent',
    noAgent: 'did not say',
    requestId: 'Request id',
    seq: 'Number',
  },
} as const;
