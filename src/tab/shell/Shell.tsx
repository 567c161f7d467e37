import { MessageBar, MessageBarBody, makeStyles, Toaster, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { toasterId } from '../ui/toast.tsx';
import { CloudBadge } from './CloudBadge.tsx';
import { OrganizationPicker } from './OrganizationPicker.tsx';
import { PageTabs } from './PageTabs.tsx';
import { addressOf } from './place.ts';
import { ShareButton } from './ShareButton.tsx';
import { useIsOnline } from './use-is-online.ts';
import { usePlace } from './use-place.ts';

interface Props {
  readonly organizations: readonly Organization[];
  /** Named when the service does not talk to one of Microsoft's clouds. */
  readonly cloudLabel?: string | undefined;
  /** Teams' own way to share a link; absent in a plain browser. */
  readonly onShare?: ((subPageId: string, label: string) => void) | undefined;
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    height: '100vh',
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
  },
  bar: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    minHeight: '48px',
    paddingInline: tokens.spacingHorizontalM,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  tabs: { flex: '1 1 0', minWidth: 0, overflow: 'hidden' },
  // What is placed within it, unseen but read aloud, scrolls with it instead of making the document longer.
  main: { position: 'relative', flex: '1 1 0', minHeight: 0, overflowY: 'auto' },
  page: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    minHeight: '100%',
    maxWidth: '1280px',
    minWidth: 0,
    marginInline: 'auto',
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXXL}`,
    boxSizing: 'border-box',
    '@media (max-width: 640px)': { padding: tokens.spacingHorizontalL },
  },
});

/** One line of pages and the organization picker; the page below. */
export function Shell({ organizations, cloudLabel, onShare, children }: Props) {
  const styles = useStyles();
  const { shell } = useTexts();
  const { place, isUnknown } = usePlace();
  const isOnline = useIsOnline();
  return (
    <div className={styles.root}>
      <header className={styles.bar}>
        <nav className={styles.tabs} aria-label={shell.pages}>
          <PageTabs />
        </nav>
        {cloudLabel && <CloudBadge label={cloudLabel} />}
        <OrganizationPicker organizations={organizations} />
        <ShareButton onShare={onShare} />
      </header>
      <main className={styles.main}>
        <div className={styles.page}>
          {!isOnline && (
            <MessageBar intent="warning">
              <MessageBarBody>{shell.offline}</MessageBarBody>
            </MessageBar>
          )}
          {isUnknown && (
            <MessageBar intent="info">
              <MessageBarBody>{shell.unknownPlace}</MessageBarBody>
            </MessageBar>
          )}
          <ErrorBoundary resetKey={addressOf({ page: place.page, organizationId: place.organizationId })}>
            {children}
          </ErrorBoundary>
        </div>
      </main>
      <Toaster toasterId={toasterId} position="bottom-end" />
    </div>
  );
}
