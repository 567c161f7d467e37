import type { SyncErrorSource } from '../../../../contract/users.ts';
import { useTexts } from '../../../texts/texts-context.tsx';

/** Where a session met an error, such as `Mail: Sent items`. */
export function useSourceWords() {
  const { capability: features, sync } = useTexts();
  return ({ capability, resource }: SyncErrorSource) => {
    const words = sync.resource[resource];
    return capability ? sync.source(features[capability], words) : words;
  };
}
