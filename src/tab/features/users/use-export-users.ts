import { useMutation, useQueryClient } from '@tanstack/react-query';
import { exportUsers } from '../../../contract/users.ts';
import { useApi } from '../../api/api-context.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useToast } from '../../ui/toast.tsx';
import type { UserFilter } from './use-users.ts';

/** Saves the users of a filter as a file, in the order of the list. */
export function useExportUsers() {
  const api = useApi();
  const toast = useToast();
  const { users: words } = useTexts();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (filter: UserFilter) => api.download(exportUsers, { query: { ...filter } }),
    onSuccess: ({ fileName, content }) => {
      saveFile(fileName, content);
      toast(words.exported(fileName));
      return queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
}
