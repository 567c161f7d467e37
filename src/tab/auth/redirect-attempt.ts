const key = 'mailbox-access.redirected';

/** Whether this browser tab has already been to Microsoft and not come back signed in. */
export const redirectAttempt = {
  remember: () => attempt(() => window.sessionStorage.setItem(key, 'yes')),
  forget: () => attempt(() => window.sessionStorage.removeItem(key)),
  isRemembered: () => attempt(() => window.sessionStorage.getItem(key)) === 'yes',
};

/** Storage may be switched off, and then throws at every touch. */
function attempt<Value>(touch: () => Value): Value | undefined {
  try {
    return touch();
  } catch {
    return undefined;
  }
}
