import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import type { SecretBox } from './secret-box.ts';

const OnceDialog = lazy(() => import('./once-dialog.tsx'));

/** A secret that was just made, and its key. */
export interface FreshSecret {
  readonly kind: 'created' | 'rotated';
  readonly secret: SecretBox;
  readonly summary: KeySummary;
}

const ShowOnce = createContext<((fresh: FreshSecret) => void) | null>(null);

/** Shows a fresh secret over all pages, until the person has saved it. */
export function useShowOnce(): (fresh: FreshSecret) => void {
  const show = useContext(ShowOnce);
  if (show === null) throw new Error('there is nothing around this part that shows secrets');
  return show;
}

/** Stands around all pages: the way back of the browser, or a session that ends, must not take away a secret that nobody has saved. */
export function ShownOnce({ children }: { readonly children: ReactNode }) {
  const [fresh, setFresh] = useState<FreshSecret | null>(null);
  const close = () => {
    fresh?.secret.forget();
    setFresh(null);
  };
  return (
    <ShowOnce value={setFresh}>
      {children}
      {fresh === null ? null : (
        <Suspense fallback={null}>
          <OnceDialog fresh={fresh} onClose={close} />
        </Suspense>
      )}
    </ShowOnce>
  );
}
