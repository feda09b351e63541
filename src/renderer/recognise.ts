import type { Built } from './built.ts';
import { type AlertProps, buildCallout, buildLeadIn } from './components/alert.ts';
import {
  buildChart,
  buildChartFence,
  type ChartProps,
  type ChartType,
  requestedChartType,
} from './components/chart.ts';
import { buildCheckbox, type CheckboxProps, isTaskList } from './components/checkbox.ts';
import { buildFence, buildIndentedCode, type CodeProps, fenceContent } from './components/code.ts';
import { buildSteps, isSteps, type StepsProps } from './components/steps.ts';
import { buildTable, readGrid, type TableProps } from './components/table.ts';
import type { ComponentName } from './components.ts';
import { readList } from './list.ts';
import type { Segment } from './parse.ts';
import type { Preferences } from './request.ts';
import type { SourceDocument } from './source-document.ts';

/** Any component but text, as a builder leaves it. */
export type BuiltComponent =
  | Built<'table', TableProps>
  | Built<'chart', ChartProps>
  | Built<'alert', AlertProps>
  | Built<'checkbox', CheckboxProps>
  | Built<'steps', StepsProps>
  | Built<'code', CodeProps>;

/** A piece of the document that reads as a component. Building is left to the pieces that get a place. */
export interface Candidate {
  readonly component: ComponentName;
  /** Undefined when the component cannot be built after all: the piece then stays text. */
  readonly build: () => BuiltComponent | undefined;
}

interface Surroundings {
  readonly document: SourceDocument;
  /** The segment before this one. */
  readonly previous: Segment | undefined;
  readonly preferences: Preferences;
}

const COMPACT_COMPONENTS: ReadonlySet<ComponentName> = new Set(['table', 'chart', 'code']);
const CHART_FENCE = /^\s*chart(?:\s|$)/i;
/** How much of the text before a table is searched for a word such as "chart". */
const MAX_REQUEST_LENGTH = 200;

/** The component that a piece of the document reads as; undefined for what is text, or is to stay text at this density. */
export function recognise(segment: Segment, surroundings: Surroundings): Candidate | undefined {
  const candidate = candidateOf(segment, surroundings);
  const isCompact = surroundings.preferences.density === 'compact';
  return candidate && isCompact && !COMPACT_COMPONENTS.has(candidate.component) ? undefined : candidate;
}

function candidateOf(segment: Segment, surroundings: Surroundings): Candidate | undefined {
  const { document } = surroundings;
  switch (segment.token.type) {
    case 'table':
      return tableCandidate(segment, surroundings);
    case 'fence':
      return fenceCandidate(segment, document);
    case 'code_block':
      return { component: 'code', build: () => buildIndentedCode(segment, document) };
    case 'blockquote':
      return ready(buildCallout(segment, document));
    case 'paragraph_open':
      return ready(buildLeadIn(document.slice(segment.startLine, segment.endLine)));
    case 'bullet_list_open':
    case 'ordered_list_open':
      return listCandidate(segment, document);
    default:
      return undefined;
  }
}

function ready(built: BuiltComponent | undefined): Candidate | undefined {
  return built && { component: built.component, build: () => built };
}

function tableCandidate(segment: Segment, surroundings: Surroundings): Candidate {
  const { document } = surroundings;
  const type = wantedChartType(surroundings);
  const chart = type && buildChart(readGrid(segment, document), type, 0.9);
  return ready(chart) ?? { component: 'table', build: () => buildTable(readGrid(segment, document)) };
}

function wantedChartType({ document, previous, preferences }: Surroundings): ChartType | undefined {
  const isText = previous?.token.type === 'paragraph_open' || previous?.token.type === 'heading_open';
  const before = isText ? document.slice(previous.startLine, previous.endLine).slice(-MAX_REQUEST_LENGTH) : '';
  return requestedChartType(before) ?? (preferences.preferredTypes?.includes('chart') ? 'bar' : undefined);
}

function fenceCandidate(segment: Segment, document: SourceDocument): Candidate {
  if (!CHART_FENCE.test(segment.token.info)) return { component: 'code', build: () => buildFence(segment, document) };
  const build = () =>
    buildChartFence(fenceContent(segment, document)) ?? { ...buildFence(segment, document), degraded: true as const };
  return { component: 'chart', build };
}

function listCandidate(segment: Segment, document: SourceDocument): Candidate | undefined {
  const list = readList(segment.token, segment.inner);
  if (isTaskList(list)) return { component: 'checkbox', build: () => buildCheckbox(list, document) };
  return isSteps(list) ? { component: 'steps', build: () => buildSteps(list, document) } : undefined;
}
