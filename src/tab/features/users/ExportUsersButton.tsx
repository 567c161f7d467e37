import { Button, Tooltip } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  /** How many the filter matches; absent while that is not known. */
  readonly matching: number | undefined;
  readonly isExporting: boolean;
  readonly onExport: () => void;
}

/** Saves all users of the filter, also those that have not been scrolled to. */
export function ExportUsersButton({ matching, isExporting, onExport }: Props) {
  const { users: words } = useTexts();
  const button = (
    <Button icon={<ArrowDownloadRegular />} disabledFocusable={!matching || isExporting} onClick={onExport}>
      {isExporting ? words.exporting : words.export}
    </Button>
  );
  if (matching !== 0) return button;
  return (
    <Tooltip content={words.exportNobody} relationship="description" withArrow>
      {button}
    </Tooltip>
  );
}
