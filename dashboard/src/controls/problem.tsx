import { OutkitError } from '../../../src/core/errors.ts';
import { texts } from '../texts.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface ProblemProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Stands for a whole page. */
  readonly isPage?: boolean;
}

/** What went wrong, in words, and a way on. */
export function Problem({ error, onRetry, isPage = false }: ProblemProps) {
  return (
    <Notice isPage={isPage} role="alert" title={texts.problem.title} text={problemText(error)}>
      {onRetry === undefined ? null : <Button onClick={onRetry}>{texts.retry}</Button>}
    </Notice>
  );
}

/** The server's own words are safe to show: none of our errors repeats what came in. */
export function problemText(error: unknown): string {
  if (!(error instanceof OutkitError)) return texts.problem.unexpected;
  return texts.problem.byCode[error.code] ?? error.message;
}
