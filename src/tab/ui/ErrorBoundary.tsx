import { Button, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../texts/texts-context.tsx';
import { CopyButton } from './CopyButton.tsx';

interface Props {
  readonly children: ReactNode;
  /** A change means that the failed part was left. */
  readonly resetKey?: string;
}

interface State {
  readonly error?: unknown;
  readonly resetKey?: string | undefined;
}

/** Keeps one broken area from taking the rest of the page with it. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return props.resetKey === state.resetKey ? null : { resetKey: props.resetKey, error: undefined };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <AreaFailed error={this.state.error} onTryAgain={() => this.setState({ error: undefined })} />;
  }
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    justifyItems: 'start',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalXXL,
  },
  actions: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

function AreaFailed({ error, onTryAgain }: { error: unknown; onTryAgain: () => void }) {
  const styles = useStyles();
  const { boot, common, shell } = useTexts();
  const technical = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // A chunk fails to load after a new release or without a network: the same page cannot mend that.
  const isChunk = /dynamically imported module|module script failed|preload/i.test(technical);
  return (
    <div className={styles.root} role="alert">
      <Subtitle2 as="h2">{isChunk ? boot.chunkFailed : boot.areaFailed}</Subtitle2>
      <Text>{isChunk ? boot.chunkFailedRemedy : boot.areaFailedRemedy}</Text>
      <div className={styles.actions}>
        {isChunk ? (
          <Button appearance="primary" onClick={() => window.location.reload()}>
            {shell.reload}
          </Button>
        ) : (
          <Button appearance="primary" onClick={onTryAgain}>
            {common.tryAgain}
          </Button>
        )}
        <CopyButton text={technical} label={common.copyTechnicalDetails}>
          {common.technicalDetails}
        </CopyButton>
      </div>
    </div>
  );
}
