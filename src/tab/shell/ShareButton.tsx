import { Button } from '@fluentui/react-components';
import { LinkRegular } from '@fluentui/react-icons/svg/link';
import { useTexts } from '../texts/texts-context.tsx';
import { copyText } from '../ui/CopyButton.tsx';
import { useToast } from '../ui/toast.tsx';
import { addressOf, subPageIdOf } from './place.ts';
import { usePlace } from './use-place.ts';

/** A link to exactly this view: through Teams' own dialog, or into the clipboard. */
export function ShareButton({ onShare }: { onShare?: ((subPageId: string, label: string) => void) | undefined }) {
  const { product, shell } = useTexts();
  const { place } = usePlace();
  const toast = useToast();

  const share = async () => {
    if (onShare) return onShare(subPageIdOf(place), `${product}: ${shell[place.page]}`);
    await copyText(new URL(addressOf(place), window.location.href).href);
    toast(shell.linkCopied);
  };
  return (
    <Button appearance="subtle" icon={<LinkRegular />} aria-label={shell.share} title={shell.share} onClick={share} />
  );
}
