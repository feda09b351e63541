import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type BenchReport, goalsMarkdown, reportMarkdown } from './report.ts';

/** Behind it everything is written by the benches. */
const MARK = '<!-- results -->';

/** Writes all results that are kept into the two pages that have them: each figure where benches are, and goals where readers are. */
export async function writePages(root: string): Promise<void> {
  const directory = `${root}bench/results/`;
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  const reports: BenchReport[] = [];
  for (const name of names) reports.push(JSON.parse(await readFile(directory + name, 'utf8')));
  const sections = reports.map(
    (report) => `${reportMarkdown(report)}\n${plot(report, '../docs/images/')}\n\nMachine: ${report.machine}.\n`,
  );
  await writeBehindMark(`${root}bench/README.md`, sections.join('\n'));
  const plots = reports.map((report) => `### ${report.title}\n${plot(report, 'images/')}\n`);
  await writeBehindMark(`${root}docs/performance.md`, `${goalsMarkdown(reports)}\n${plots.join('\n')}`);
}

function plot({ id, title }: BenchReport, directory: string): string {
  return `![${title}](${directory}bench-${id}.svg)`;
}

async function writeBehindMark(path: string, text: string): Promise<void> {
  const [written = ''] = (await readFile(path, 'utf8')).split(MARK);
  await writeFile(path, `${written}${MARK}\n\n${text}`);
}
