import { Spinner, Text } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts-context.tsx';
import { DirectoryErrorBar } from './DirectoryErrorBar.tsx';

interface Props {
  readonly query: {
    readonly isFetching: boolean;
    readonly isPending: boolean;
    readonly error: unknown;
    refetch(): unknown;
  };
  readonly isSearching: boolean;
  readonly isEmpty: boolean;
  /** What to say when nothing was found. */
  readonly empty: string;
  readonly children: ReactNode;
}

/** What a search of the directory brought: waiting, failed, nothing, or the list. */
export function DirectoryResults({ query, isSearching, isEmpty, empty, children }: Props) {
  const { boot } = useTexts();
  if (isSearching && query.error)
    return <DirectoryErrorBar error={query.error} onTryAgain={() => void query.refetch()} />;
  if (isSearching && query.isPending) return <Spinner size="small" label={boot.starting} />;
  if (isEmpty) return isSearching ? <Text role="status">{empty}</Text> : null;
  return children;
}
