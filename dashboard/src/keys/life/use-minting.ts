import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Environment } from '../../../../src/core/environment.ts';
import { type ErrorCode, OutkitError } from '../../../../src/core/errors.ts';
import type { CreatedKey, MintedSecret } from '../../../../src/core/key-service.ts';
import { refreshKey } from '../../server/queries.ts';
import { newSecret } from '../new-secret.ts';
import { SecretBox } from '../shown-once/secret-box.ts';
import { type FreshSecret, useShowOnce } from '../shown-once/shown-once.tsx';

/** After these nobody can tell whether it happened. */
const LOST: readonly ErrorCode[] = ['unreachable', 'timeout', 'bad_answer', 'internal', 'unavailable'];
/** The browser may have lost a connection that was kept too long; what is lost twice is for the person to decide. */
const MAX_REPEATS = 1;

interface MintingOptions {
  readonly kind: FreshSecret['kind'];
  readonly environment: Environment;
  readonly send: (minted: MintedSecret) => Promise<CreatedKey>;
  /** It is done, and the secret is shown. */
  readonly onDone: () => void;
}

/** A secret that was sent once, and is sent again if the answer is lost: with the same hash it can take effect only once. */
interface Attempt {
  readonly secret: SecretBox;
  readonly minted: MintedSecret;
}

/** Mints a secret here, has the server take it for a key, and shows it. */
export function useMinting({ kind, environment, send, onDone }: MintingOptions) {
  const attempt = useRef<Attempt | null>(null);
  const client = useQueryClient();
  const show = useShowOnce();
  const drop = () => {
    attempt.current?.secret.forget();
    attempt.current = null;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the dialog goes, a secret that nobody has seen goes with it.
  useEffect(() => drop, []);
  const mutation = useMutation({
    mutationFn: async () => {
      // What shows the secret has to be there before there is one.
      await import('../shown-once/once-dialog.tsx');
      attempt.current ??= await mint(environment);
      return send(attempt.current.minted);
    },
    retry: (failures, error) => failures < MAX_REPEATS && isLost(error),
    onSuccess(summary) {
      void refreshKey(client, summary);
      if (attempt.current === null) return;
      const { secret } = attempt.current;
      attempt.current = null;
      onDone();
      show({ kind, secret, summary });
    },
    onError(error) {
      if (!isLost(error)) drop();
    },
  });
  return {
    start: () => mutation.mutate(),
    isPending: mutation.isPending,
    error: mutation.error,
    /** Whether it happened is not known. Only the same may be asked again. */
    isLost: isLost(mutation.error),
  };
}

async function mint(environment: Environment): Promise<Attempt> {
  const { plaintext, minted } = await newSecret(environment);
  return { secret: new SecretBox(plaintext), minted };
}

function isLost(error: unknown): boolean {
  return error instanceof OutkitError && LOST.includes(error.code);
}
