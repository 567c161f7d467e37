import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  makeStyles,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import type { ReactNode } from 'react';
import type { Answer } from '../../contract/endpoint.ts';
import type { getScopeScript } from '../../contract/mailbox-scope.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { CopyButton } from './CopyButton.tsx';
import { saveFile } from './save-file.ts';

interface Props {
  readonly script: Answer<typeof getScopeScript>;
  readonly isPrimary?: boolean;
  /** Shown beside the download. */
  readonly children?: ReactNode;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  code: { width: '100%' },
  text: {
    minHeight: '240px',
    maxHeight: '480px',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre',
    overflowX: 'auto',
  },
  sha: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere', color: tokens.colorNeutralForeground2 },
});

/** A script to read, copy and download, with its check sum. */
export function ScriptBox({ script, isPrimary = false, children }: Props) {
  const styles = useStyles();
  const { script: words } = useTexts().scope;
  const readable = script.text.replace(/^\uFEFF/, '');
  return (
    <div className={styles.root}>
      <div className={styles.line}>
        <Button
          appearance={isPrimary ? 'primary' : 'secondary'}
          icon={<ArrowDownloadRegular />}
          onClick={() => saveFile(script.fileName, script.text)}
        >
          {words.download}
        </Button>
        <CopyButton text={readable} label={words.copy}>
          {words.copy}
        </CopyButton>
        {children}
      </div>
      <Text size={200} className={styles.sha}>
        {script.fileName} · {words.sha} {script.sha256}
      </Text>
      <Accordion collapsible>
        <AccordionItem value="script">
          <AccordionHeader size="small">{words.show}</AccordionHeader>
          <AccordionPanel>
            <Textarea
              className={styles.code}
              textarea={{ className: styles.text, spellCheck: false }}
              aria-label={words.label}
              readOnly
              value={readable}
            />
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </div>
  );
}
