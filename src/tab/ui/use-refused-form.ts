import { type RefObject, useEffect, useRef, useState } from 'react';

interface RefusedForm {
  readonly form: RefObject<HTMLFormElement | null>;
  /** Once what was entered cannot be saved: the first field that is wrong has the focus then. */
  readonly refuse: () => void;
}

/** For a form that says at its fields what is wrong, and only when it is sent. */
export function useRefusedForm(): RefusedForm {
  const form = useRef<HTMLFormElement>(null);
  const [refusals, setRefusals] = useState(0);
  // Not before the fields show what is wrong.
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);
  return { form, refuse: () => setRefusals((count) => count + 1) };
}
