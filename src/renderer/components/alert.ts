import * as v from 'valibot';
import type { Built } from '../built.ts';
import type { Segment } from '../parse.ts';
import type { SourceDocument } from '../source-document.ts';

const ALERT_KINDS = ['note', 'tip', 'important', 'warning', 'caution'] as const;

/** Something the reader must not miss. The kinds are those of GitHub's callouts. */
export const alertProps = v.strictObject({
  kind: v.picklist(ALERT_KINDS),
  /** The lead-in as written ("⚠️ Warning"), or the title after a callout's marker. */
  title: v.exactOptional(v.string()),
  /** Markdown. */
  content: v.string(),
});

export type AlertProps = v.InferOutput<typeof alertProps>;
type AlertKind = AlertProps['kind'];

/** Lead-ins in lower case. In languages where one word serves for two kinds, it is the milder one. */
const LEAD_INS: Readonly<Record<AlertKind, string>> = {
  note: 'note|notes|please note|info|information|fyi|hinweis|anmerkung|remarque|nota|说明|備考|备注|注|注記|補足|참고',
  tip: 'tip|tips|pro tip|hint|tipp|astuce|conseil|consejo|dica|suggerimento|提示|小提示|小贴士|ヒント|팁',
  important: 'important|very important|wichtig|importante|重要|重要提示|중요',
  warning:
    'warning|attention|achtung|warnung|avertissement|advertencia|atención|atenção|aviso|attenzione|avviso|警告|注意|주의|경고',
  caution: 'caution|danger|vorsicht|gefahr|prudence|precaución|cuidado|cautela|危险|危険|위험',
};
const KIND_OF_LEAD_IN: ReadonlyMap<string, AlertKind> = new Map(
  ALERT_KINDS.flatMap((kind) => LEAD_INS[kind].split('|').map((leadIn) => [leadIn, kind] as const)),
);

const QUOTE_MARKER = /^ {0,3}> ?/;
const CALLOUT = /^\[!(note|tip|important|warning|caution)\][ \t]*(.*)$/i;
/** `**Tip:**`, `**Tip**:`, `Tip:`, `⚠️ Warning:`, `**⚠️ Warning:**`; a colon may be full-width. */
const LEAD_IN =
  /^(?:\p{Extended_Pictographic}\uFE0F?[ \t]*)?(\*\*|__|\*|_)?(?:\p{Extended_Pictographic}\uFE0F?[ \t]*)?(\p{L}[\p{L} ]*)(?:[:：]\1|\1[ \t]*[:：])/u;
/** No lead-in is longer; what is looked at must not depend on the length of the paragraph. */
const MAX_LEAD_IN_LENGTH = 48;

/** Builds an alert of a quotation that is a GitHub callout or opens with a lead-in; undefined when it does neither. */
export function buildCallout(segment: Segment, document: SourceDocument): Built<'alert', AlertProps> | undefined {
  const firstLine = document.line(segment.startLine).replace(QUOTE_MARKER, '');
  const [, kind, title] = CALLOUT.exec(firstLine.trimEnd()) ?? [];
  if (!kind) return matchLeadIn(firstLine.trimStart()) && buildLeadIn(unquote(segment, document, 0));
  const content = unquote(segment, document, 1);
  if (content === '') return undefined;
  return built({ kind: kind.toLowerCase() as AlertKind, ...(title && { title }), content }, 1);
}

/** Builds an alert of a paragraph that opens with a lead-in such as "**Important:**"; undefined when it does not, or nothing follows. */
export function buildLeadIn(paragraph: string): Built<'alert', AlertProps> | undefined {
  const text = paragraph.trim();
  const leadIn = matchLeadIn(text);
  if (!leadIn) return undefined;
  const content = text.slice(leadIn.length).trimStart();
  return content === '' ? undefined : built({ kind: leadIn.kind, title: leadIn.title, content }, 0.8);
}

function matchLeadIn(text: string): { kind: AlertKind; title: string; length: number } | undefined {
  const match = LEAD_IN.exec(text.slice(0, MAX_LEAD_IN_LENGTH));
  const kind = KIND_OF_LEAD_IN.get(match?.[2]?.trim().toLowerCase() ?? '');
  if (!match || !kind) return undefined;
  return { kind, title: match[0].replaceAll(/[*_:：]/g, '').trim(), length: match[0].length };
}

function unquote(segment: Segment, document: SourceDocument, skippedLines: number): string {
  const lines = document.lines(segment.startLine + skippedLines, segment.endLine);
  return lines
    .map((line) => line.replace(QUOTE_MARKER, ''))
    .join('\n')
    .trim();
}

function built(props: AlertProps, confidence: number): Built<'alert', AlertProps> {
  return { component: 'alert', props, confidence, description: props.kind };
}
