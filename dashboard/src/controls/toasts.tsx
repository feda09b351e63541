import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { buttonClass } from './button.tsx';
import styles from './controls.module.css';
import { Icon } from './icon.tsx';

/** Says briefly that something was done; what matters longer stands in the page. */
export function useToast(): (title: string) => void {
  const { add } = Toast.useToastManager();
  return (title) => void add({ title });
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider timeout={4_000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles.toasts}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
      <Toast.Title className={styles.toastTitle} />
      <Toast.Close className={buttonClass('quiet')} aria-label={texts.close}>
        <Icon name="close" />
      </Toast.Close>
    </Toast.Root>
  ));
}
