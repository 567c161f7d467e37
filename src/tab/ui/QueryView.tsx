import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useFormat, useTexts } from '../texts/texts-context.tsx';
import { ErrorBar } from './ErrorBar.tsx';
import { useNow } from './Moment.tsx';
import { Waiting } from './Waiting.tsx';

interface Query<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}

interface Props<Data> {
  readonly query: Query<Data>;
  readonly waiting?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

const useStyles = makeStyles({
  stale: { display: 'grid', gap: tokens.spacingVerticalS },
  age: { color: tokens.colorNeutralForeground2 },
});

/** Waiting, failed or done. What was known before a failure keeps showing, with its age. */
export function QueryView<Data>({ query, waiting, children }: Props<Data>) {
  const styles = useStyles();
  const { common } = useTexts();
  const format = useFormat();
  const now = useNow();
  const { data, error, dataUpdatedAt } = query;
  const tryAgain = () => void query.refetch();

  if (data === undefined) return error ? <ErrorBar error={error} onTryAgain={tryAgain} /> : (waiting ?? <Waiting />);
  return (
    <>
      {Boolean(error) && (
        <div className={styles.stale}>
          <ErrorBar error={error} onTryAgain={tryAgain} />
          <Text className={styles.age}>
            {common.staleSince(format.age(new Date(dataUpdatedAt).toISOString(), now))}
          </Text>
        </div>
      )}
      {children(data)}
    </>
  );
}
