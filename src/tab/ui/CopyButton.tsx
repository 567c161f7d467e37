import { Button } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { useState } from 'react';
import { useTexts } from '../texts/texts-context.tsx';

interface Props {
  readonly text: string;
  /** What the button does, for those who cannot see the icon. */
  readonly label: string;
  /** Shown beside the icon. */
  readonly children?: string;
}

export function CopyButton({ text, label, children }: Props) {
  const { common } = useTexts();
  const [isCopied, setCopied] = useState(false);

  const copy = async () => {
    await copyText(text);
    setCopied(true);
  };
  return (
    <Button
      appearance="subtle"
      size="small"
      icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
      aria-label={isCopied ? common.copied : label}
      title={label}
      onClick={copy}
      onBlur={() => setCopied(false)}
    >
      {children}
    </Button>
  );
}

/** A framed page may not be allowed to use the clipboard; then the old way, which needs only the click. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
