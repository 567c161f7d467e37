import { useState } from 'react';

/** A choice that stays in this browser. Storage may be switched off: then it stays as long as the page. */
export function useRemembered(key: string): readonly [boolean, (value: boolean) => void] {
  const name = `mailbox-access.${key}`;
  const [value, setValue] = useState(() => {
    try {
      return window.localStorage.getItem(name) === 'yes';
    } catch {
      return false;
    }
  });
  const remember = (next: boolean) => {
    setValue(next);
    try {
      window.localStorage.setItem(name, next ? 'yes' : 'no');
    } catch {
      // Nothing is lost that the admin could not choose again.
    }
  };
  return [value, remember];
}
