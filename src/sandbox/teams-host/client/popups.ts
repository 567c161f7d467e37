export interface PopupResult {
  readonly isSuccess: boolean;
  readonly value: string;
}

const closedPollMs = 300;

/** The one window that `authentication.authenticate` may have open, as the Teams client manages it. */
export class Popups {
  readonly #isBlocked: () => boolean;
  #window: Window | null = null;
  #settle: ((result: PopupResult) => void) | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor(isBlocked: () => boolean) {
    this.#isBlocked = isBlocked;
  }

  open(url: string, size: { width?: number; height?: number }, settle: (result: PopupResult) => void): void {
    this.settle({ isSuccess: false, value: 'CancelledByUser' });
    const { width = 600, height = 640 } = size;
    const left = Math.round(window.screenX + (window.outerWidth - width) / 2);
    const top = Math.round(window.screenY + (window.outerHeight - height) / 2);
    this.#window = this.#isBlocked()
      ? null
      : window.open(url, '_blank', `popup,width=${width},height=${height},left=${left},top=${top}`);
    if (!this.#window) {
      settle({ isSuccess: false, value: 'FailedToOpenWindow' });
      return;
    }
    this.#settle = settle;
    this.#poll = setInterval(() => {
      if (this.#window?.closed) this.settle({ isSuccess: false, value: 'CancelledByUser' });
    }, closedPollMs);
  }

  owns(source: MessageEventSource | null): boolean {
    return source !== null && source === this.#window;
  }

  /** Ends the open call, if there is one; later answers to it are ignored. */
  settle(result: PopupResult): void {
    clearInterval(this.#poll);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(result);
  }
}
