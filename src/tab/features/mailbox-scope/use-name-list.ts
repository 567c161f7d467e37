import { useFormat, useTexts } from '../../texts/texts-context.tsx';

const shown = 5;

/** Names as a sentence has them; of many, the first and how many more. */
export function useNameList(): (names: readonly string[], total?: number) => string {
  const { scope } = useTexts();
  const { list } = useFormat();
  return (names, total = names.length) => {
    const some = names.slice(0, shown);
    if (total <= some.length) return list(some);
    return `${some.join(', ')} ${scope.more(total - some.length)}`;
  };
}
