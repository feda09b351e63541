import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { GatewaySummary } from '../../../src/core/gateway-service.ts';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { problemText } from '../controls/problem.tsx';
import { useToast } from '../controls/toasts.tsx';
import { gatewaysQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { gatewaysTexts } from '../texts/gateways.ts';

const words = gatewaysTexts.dialog;

interface EvictDialogProps {
  readonly gateway: GatewaySummary;
  readonly onClose: () => void;
}

export function EvictDialog({ gateway, onClose }: EvictDialogProps) {
  const client = useQueryClient();
  const tell = useToast();
  const evict = useMutation({
    mutationFn: () => services.gateways.evict(gateway.id),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: gatewaysQuery.queryKey });
      tell(words.done(gateway.name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={words.title(gateway)}
      text={words.text}
      action={evict.isPending ? words.evicting : words.evict}
      isPending={evict.isPending}
      onConfirm={evict.mutate}
      onClose={onClose}
    >
      <p>{gateway.state === 'silent' ? words.silent : words.serving}</p>
      {evict.isError ? <p role="alert">{problemText(evict.error)}</p> : null}
    </ConfirmDialog>
  );
}
