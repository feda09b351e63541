import { problemText } from '../../controls/problem.tsx';
import styles from './life.module.css';
import type { useMinting } from './use-minting.ts';

interface MintingProblemProps {
  readonly minting: Pick<ReturnType<typeof useMinting>, 'error' | 'isLost' | 'isPending'>;
  /** What may have happened when the answer was lost, and what to do. */
  readonly lost: string;
}

export function MintingProblem({ minting: { error, isLost, isPending }, lost }: MintingProblemProps) {
  if (error === null || isPending) return null;
  return (
    <p className={styles.problem} role="alert">
      {problemText(error)} {isLost ? lost : null}
    </p>
  );
}
