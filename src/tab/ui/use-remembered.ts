import { useState } from 'react';

/** A choice that stays in this browser. Storage may be switched off: then it stays as long as the page. */
export function useRemembered(key: string): readonly [boolean, (value: boolean) => void] {
  const [text, remember] = useRememberedText(key);
  return [text === 'yes', (next) => remember(next ? 'yes' : 'no')];
}

/** Some of the words that there are, in their order, as chosen in this browser; `initial` until somebody chooses. */
export function useRememberedWords<Word extends string>(
  key: string,
  words: readonly Word[],
  initial: readonly Word[],
): readonly [readonly Word[], (chosen: readonly Word[]) => void] {
  const [text, remember] = useRememberedText(key);
  // What an earlier release knew and this one does not is left out.
  const chosen = text?.split(' ');
  return [chosen ? words.filter((word) => chosen.includes(word)) : initial, (next) => remember(next.join(' '))];
}

function useRememberedText(key: string): readonly [string | null, (value: string) => void] {
  const name = `mailbox-access.${key}`;
  const [value, setValue] = useState(() => {
    try {
      return window.localStorage.getItem(name);
    } catch {
      return null;
    }
  });
  const remember = (next: string) => {
    setValue(next);
    try {
      window.localStorage.setItem(name, next);
    } catch {
      // Nothing is lost that the admin could not choose again.
    }
  };
  return [value, remember];
}
