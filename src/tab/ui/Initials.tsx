import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  root: {
    display: 'inline-grid',
    placeContent: 'center',
    flexShrink: 0,
    width: '28px',
    height: '28px',
    marginInlineEnd: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground5,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    verticalAlign: 'middle',
  },
});

/** Two letters in a circle: an avatar that costs nothing while scrolling. */
export function Initials({ name }: { name: string }) {
  const styles = useStyles();
  return (
    <span className={styles.root} aria-hidden>
      {initialsOf(name)}
    </span>
  );
}

/** First letters of the first and the last word that begin with one, or the first letter there is; whole characters. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const within = words.length > 0 ? words : [/[\p{L}\p{N}]/u.exec(name)?.[0]];
  const letters = within.length > 1 ? [within[0], within[within.length - 1]] : within;
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
