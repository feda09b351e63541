import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useToast } from '../../controls/toasts.tsx';
import { refreshKey } from '../../server/queries.ts';
import { services } from '../../server/services.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';

type GraceChange =
  | { readonly kind: 'end' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'extend'; readonly byMs: number };

/** Ends, moves or undoes a grace window, and says where that is in force. */
export function useGraceChange(keyId: string, onDone: () => void) {
  const client = useQueryClient();
  const tell = useToast();
  return useMutation({
    mutationFn: (change: GraceChange) => {
      switch (change.kind) {
        case 'end':
          return services.keys.endGrace(keyId);
        case 'cancel':
          return services.keys.cancelRotation(keyId);
        case 'extend':
          return services.keys.extendGrace(keyId, change.byMs);
      }
    },
    onSuccess(key, { kind }) {
      tell(`${keyLifeTexts.grace.done[kind]}: ${keyLifeTexts.inForce(key.gateways)}`);
      onDone();
    },
    // What was refused may have been done by somebody else meanwhile.
    onSettled: (key) => refreshKey(client, { id: keyId, profileId: key?.profileId ?? '' }),
  });
}
