import { Button, makeStyles } from '@fluentui/react-components';
import { DocumentRegular } from '@fluentui/react-icons/svg/document';
import type { CheckId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { useCheckReport } from './use-check-report.ts';

const useStyles = makeStyles({ button: { justifySelf: 'start' } });

/** Saves the evidence of a check as a page to print. */
export function ReportButton({ checkId }: { readonly checkId: CheckId }) {
  const styles = useStyles();
  const { check: words } = useTexts();
  const report = useCheckReport();
  return (
    <>
      <Button
        className={styles.button}
        icon={<DocumentRegular />}
        disabledFocusable={report.isPending}
        onClick={() => !report.isPending && report.mutate(checkId)}
      >
        {report.isPending ? words.reporting : words.report}
      </Button>
      {report.error && <ErrorBar error={report.error} onTryAgain={() => report.mutate(checkId)} />}
    </>
  );
}
