import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { RunDrawerFrame } from '../../ui/RunDrawerFrame.tsx';
import { CheckView } from './CheckView.tsx';
import { subjectOf } from './check-subject.ts';
import { useCheck } from './use-connectivity-check.ts';

interface Props {
  readonly checkId: CheckId;
  readonly isGrantedFor: (check: ConnectivityCheck) => boolean;
  /** Another check takes the place of this one. */
  readonly onOpen: (checkId: CheckId) => void;
  readonly onClose: () => void;
}

/** Any check over the page, whoever started it. */
export function CheckDrawer({ checkId, isGrantedFor, onOpen, onClose }: Props) {
  const texts = useTexts();
  const query = useCheck(checkId);
  return (
    <RunDrawerFrame title={query.data ? subjectOf(query.data, texts) : texts.check.section} onClose={onClose}>
      <QueryView query={query}>
        {(check) => (
          <CheckView
            key={check.id}
            check={check}
            isNamed
            isGranted={isGrantedFor(check)}
            onRetried={({ id }) => onOpen(id)}
          />
        )}
      </QueryView>
    </RunDrawerFrame>
  );
}
