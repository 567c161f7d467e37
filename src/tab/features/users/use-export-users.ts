import { useMutation, useQueryClient } from '@tanstack/react-query';
import { exportUsers, exportUsersAsJson, type UserFilter } from '../../../contract/users.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { useApi } from '../../api/api-context.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useToast } from '../../ui/toast.tsx';

export const exportFormats = ['csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface UserExport {
  readonly filter: UserFilter;
  readonly sorts: readonly UserSort[];
  readonly format: ExportFormat;
}

/** Saves the users of a filter as a file, in the order of the list. */
export function useExportUsers() {
  const api = useApi();
  const toast = useToast();
  const { users: words } = useTexts();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ filter, sorts, format }: UserExport) => {
      const query = { ...filter, sort: sorts.join() };
      return format === 'csv' ? api.download(exportUsers, { query }) : api.download(exportUsersAsJson, { query });
    },
    onSuccess: ({ fileName, content }) => {
      saveFile(fileName, content);
      toast(words.exported(fileName));
      return queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
}
