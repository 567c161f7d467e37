import { Toast, ToastBody, ToastTitle, useToastController } from '@fluentui/react-components';

export const toasterId = 'toaster';

/**
 * Says how the admin's own action went; what must not be missed is a message bar instead. It is read aloud, and nothing in
 * it can be pressed: the Tab key passes it by, which would not get out of it before Escape.
 */
export function useToast() {
  const { dispatchToast } = useToastController(toasterId);
  return (title: string, options: { readonly intent?: 'success' | 'warning' | 'info'; readonly body?: string } = {}) =>
    dispatchToast(
      <Toast>
        <ToastTitle>{title}</ToastTitle>
        {options.body && <ToastBody>{options.body}</ToastBody>}
      </Toast>,
      { intent: options.intent ?? 'success', root: { tabIndex: undefined } },
    );
}
