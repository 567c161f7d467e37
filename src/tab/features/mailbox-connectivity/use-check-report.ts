import { useMutation, useQueryClient } from '@tanstack/react-query';
import { downloadCheckReport } from '../../../contract/reports.ts';
import type { CheckId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useToast } from '../../ui/toast.tsx';

/** Saves the report of a check; a page of its own is nothing that every host of the tab would open. */
export function useCheckReport() {
  const api = useApi();
  const toast = useToast();
  const { check: words } = useTexts();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (checkId: CheckId) => api.download(downloadCheckReport, { params: { checkId } }),
    onSuccess: ({ fileName, content }) => {
      saveFile(fileName, content);
      toast(words.reported(fileName));
      return queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
}
