import { useRef, useState } from 'react';
import type { consentOutcomes } from '../../../contract/consent.ts';
import { isAuthorized } from '../../../domain/consent/consent-state.ts';
import { consentAttemptMinutes } from '../../../domain/consent/propagation.ts';
import type { ConsentAttemptId } from '../../../domain/ids.ts';
import { useHost } from '../../host/host-context.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useToast } from '../../ui/toast.tsx';
import { openConsentWindow, prepareWindow, type WindowEnd } from './consent-window.ts';
import { isAttemptGone, type useConsent } from './use-consent.ts';

/** The service's clock decides; asked a moment later, it has. */
const graceMs = 5_000;

export type ConsentAttempt =
  | { readonly step: 'idle' }
  | { readonly step: 'window' }
  | { readonly step: 'redeeming' }
  /** The window may be closed or cut off; only the admin knows whether something was accepted there. */
  | { readonly step: 'maybe_closed' }
  | { readonly step: 'blocked' }
  | {
      readonly step: 'ended';
      readonly outcome: (typeof consentOutcomes)[number];
      readonly entraCode: string | null;
    }
  | { readonly step: 'failed'; readonly error: unknown };

/** A window of which nothing is heard: after the attempt's life its answer would count for nothing. */
async function endsInTime(opened: Promise<WindowEnd>): Promise<WindowEnd | 'too_late'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<'too_late'>((resolve) => {
    timer = setTimeout(() => resolve('too_late'), consentAttemptMinutes * 60_000 + graceMs);
  });
  try {
    return await Promise.race([opened, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** One run through Microsoft's consent dialog. Whatever its window did, the service is asked what holds now. */
export function useConsentAttempt({ start, redeem, verify }: ReturnType<typeof useConsent>) {
  const host = useHost();
  const texts = useTexts();
  const toast = useToast();
  const [attempt, setAttempt] = useState<ConsentAttempt>({ step: 'idle' });
  const attemptId = useRef<ConsentAttemptId>(undefined);

  const finish = async () => {
    const id = attemptId.current;
    if (!id) return;
    setAttempt({ step: 'redeeming' });
    try {
      const { outcome, entraCode, consent } = await redeem(id);
      attemptId.current = undefined;
      if (isAuthorized(consent.state)) {
        toast(texts.consent.signedIn);
        setAttempt({ step: 'idle' });
      } else {
        setAttempt({ step: 'ended', outcome, entraCode });
      }
    } catch (error) {
      if (!isAttemptGone(error)) return setAttempt({ step: 'failed', error });
      await verify.mutateAsync().catch(() => undefined);
      setAttempt({ step: 'failed', error });
    }
  };

  /** Only from a click: a window opens. */
  const begin = async () => {
    const prepared = prepareWindow(host);
    setAttempt({ step: 'window' });
    try {
      const started = await start(host.kind === 'teams' ? 'teams' : 'browser');
      attemptId.current = started.attemptId;
      const opened = openConsentWindow(host, new URL(started.startPath, window.location.origin).href, prepared);
      const end = await endsInTime(opened);
      if (end === 'too_late') prepared?.close();
      if (end === 'ended' || end === 'too_late') await finish();
      else setAttempt({ step: end });
    } catch (error) {
      prepared?.close();
      setAttempt({ step: 'failed', error });
    }
  };
  return { attempt, begin, finish, dismiss: () => setAttempt({ step: 'idle' }) };
}
