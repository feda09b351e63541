import type { ProfileSummary } from '../core/profile-service.ts';
import { shorten } from './columns.ts';
import type { ProjectConfig } from './config.ts';
import type { Output } from './output.ts';
import { profileStatus, profileStatusColour } from './profile-label.ts';
import { type TableSetting, tableLayout, tableLine } from './table.ts';
import { visible } from './visible-text.ts';

const HEADER = ['ID', 'NAME', 'PLAN', 'TOKENS', 'STATUS'] as const;
const SETTINGS: readonly TableSetting[] = [{ gap: 2, shortened: [[1, 6]], narrowHeadings: [] }];

/** Prints profiles: a table, cards where a table does not fit, tab-separated lines where nobody looks. */
export function printProfiles(profiles: readonly ProfileSummary[], config: ProjectConfig | null, output: Output): void {
  const rows = profiles.map((profile) => rowOf(profile, config));
  if (!output.isTerminal) {
    for (const row of rows) output.line(row.join('\t'));
    return;
  }
  const layout = tableLayout(HEADER, rows, SETTINGS, output.columns);
  if (layout === null) {
    for (const row of rows) printCard(row, output);
    return;
  }
  if (rows.length > 0) output.line(output.colours.bold(tableLine(HEADER, layout).trimEnd()));
  for (const row of rows) {
    output.line(tableLine(row.slice(0, -1), layout) + profileStatusColour(row[4], output.colours));
  }
}

type Row = readonly [id: string, name: string, plan: string, tokens: string, status: string];

function rowOf(profile: ProfileSummary, config: ProjectConfig | null): Row {
  const { id, name, plan, design } = profile;
  const tokens = String(Object.keys(design).length);
  return [visible(id), visible(name), plan, tokens, profileStatus(profile, config)];
}

function printCard([id, name, plan, tokens, status]: Row, output: Output): void {
  output.line(output.colours.bold(shorten(name, output.columns)));
  output.line(`  ${id}  ${profileStatusColour(status, output.colours)}`);
  output.line(`  ${plan}  ${tokens} ${tokens === '1' ? 'token' : 'tokens'}`);
}
