import { Button, makeStyles } from '@fluentui/react-components';
import { LinkRegular } from '@fluentui/react-icons/svg/link';
import { useTexts } from '../texts/texts-context.tsx';
import { copyText } from '../ui/CopyButton.tsx';
import { useToast } from '../ui/toast.tsx';
import { addressOf, type Place, subPageIdOf } from './place.ts';
import { usePlace } from './use-place.ts';

const useStyles = makeStyles({
  // Teams on a phone cannot share a link into a tab, and the line is short.
  root: { '@media (max-width: 480px)': { display: 'none' } },
});

interface Props {
  /** Another place than the one that shows. */
  readonly to?: Place;
  /** What the button does, where it is not the page that is shared. */
  readonly label?: string;
  readonly onShare?: ((subPageId: string, label: string) => void) | undefined;
}

/** A link to exactly this view: through Teams' own dialog, or into the clipboard. */
export function ShareButton({ to, label, onShare }: Props) {
  const styles = useStyles();
  const { product, shell } = useTexts();
  const { place: current } = usePlace();
  const place = to ?? current;
  const title = label ?? shell.share;
  const toast = useToast();

  const share = async () => {
    if (onShare) return onShare(subPageIdOf(place), `${product}: ${shell[place.page]}`);
    await copyText(new URL(addressOf(place), window.location.href).href);
    toast(shell.linkCopied);
  };
  return (
    <Button
      className={styles.root}
      appearance="subtle"
      icon={<LinkRegular />}
      aria-label={title}
      title={title}
      onClick={share}
    />
  );
}
