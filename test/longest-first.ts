import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take ten seconds and more, the longest first. Nothing but the time of a run depends on this list. */
const LONGEST = [
  'acceptance/login.test.ts',
  'acceptance/durability-kill.test.ts',
  'acceptance/durability-kill-points.test.ts',
  'acceptance/backup-kill-points.test.ts',
  'browser/people-life.test.ts',
  'acceptance/help.test.ts',
  'browser/looks.test.ts',
  'acceptance/backup.test.ts',
  'acceptance/login-served.test.ts',
  'acceptance/logs.test.ts',
  'acceptance/usage-kill.test.ts',
  'acceptance/doctor.test.ts',
  'revocation-model/revocation-model.test.ts',
  'contract/postgres-store.test.ts',
];

/** So that no worker sits over a long file when all others are done; vitest alone begins with those of many bytes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return index === -1 ? LONGEST.length : index;
    };
    // A worker keeps what it has loaded as long as files of its project follow each other.
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((left, right) => rank(left) - rank(right)),
    );
  }
}
