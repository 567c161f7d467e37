import { Fragment } from 'react';

/** Names such as `Mail.ReadBasic.All` that are broken behind a dot where they have to be, and not inside a word. */
export function DottedText({ children }: { readonly children: string }) {
  let at = 0;
  return children.split(/(?<=\.)/).map((part) => {
    const start = at;
    at += part.length;
    return (
      <Fragment key={start}>
        {start > 0 && <wbr />}
        {part}
      </Fragment>
    );
  });
}
