import { Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { useTexts } from '../../texts/texts-context.tsx';
import { type ExportFormat, exportFormats } from './use-export-users.ts';

interface Props {
  /** How many the filter matches; absent while that is not known. */
  readonly matching: number | undefined;
  readonly isExporting: boolean;
  readonly onExport: (format: ExportFormat) => void;
}

/** Saves all users of the filter, also those that have not been scrolled to. */
export function ExportUsersButton({ matching, isExporting, onExport }: Props) {
  const { users: words } = useTexts();
  const button = (
    <MenuButton icon={<ArrowDownloadRegular />} disabledFocusable={!matching || isExporting}>
      {isExporting ? words.exporting : words.export}
    </MenuButton>
  );
  if (matching === 0) {
    return (
      <Tooltip content={words.exportNobody} relationship="description" withArrow>
        {button}
      </Tooltip>
    );
  }
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>{button}</MenuTrigger>
      <MenuPopover>
        <MenuList>
          {exportFormats.map((format) => (
            <MenuItem key={format} onClick={() => onExport(format)}>
              {words.exportAs[format]}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
