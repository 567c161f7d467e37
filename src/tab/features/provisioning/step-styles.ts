import { makeStyles, tokens } from '@fluentui/react-components';

/** What the steps have in common. */
export const useStepStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM, alignContent: 'start', minHeight: '400px' },
  tabs: { flexWrap: 'wrap' },
  count: { alignSelf: 'center' },
  quiet: { color: tokens.colorNeutralForeground2 },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  heading: { outline: 'none' },
});
