import type { RowProblem } from '../../features/users/add/csv-people.ts';
import type { FileProblem } from '../../features/users/add/csv-text.ts';
import type { Amounts } from './amounts.ts';

export function addUsers({ n, people }: Amounts) {
  return {
    title: (organization: string) => `Add users to ${organization}`,
    toOrganization: 'Organization',
    people: 'People',
    groups: 'Members of a group',
    searchPeople: 'Search people by name or address',
    searchGroups: 'Search groups by name',
    searchHint: 'Type at least two letters.',
    failed: 'The directory could not be searched',
    failedRemedy: 'Try again in a moment. Microsoft Graph gave the reason below.',
    noPeople: 'Nobody in the directory matches.',
    noGroups: 'No group in the directory matches.',
    groupEmpty: 'The group has no members that are users.',
    members: (count: number) => `${people(count)}, nested groups included`,
    chooseGroup: 'Choose a group to see its members.',
    backToGroups: 'Another group',
    selectedCount: (count: number) => `${n(count)} selected`,
    selectAll: 'Select all',
    add: 'Add',
    adding: 'Adding…',
    addedInPart: (count: number) =>
      `${people(count)} ${count === 1 ? 'was' : 'were'} added before. Add again for the others; nobody is added twice.`,
    loadMore: 'Show more people',
    allow: 'Allow the directory search',
    needsPermission: 'Microsoft asks once for permission to search your directory.',
    noDirectory: 'The directory cannot be searched here',
    noDirectoryText:
      'This version of Microsoft Teams signs you in without access to the directory. Open the tab in the browser to search it, or bring a list: pasted, or from a file.',
    file: {
      tab: 'CSV file',
      choose: 'Choose a CSV file',
      input: 'CSV file with users',
      reading: 'Reading the file…',
      hint: 'The first line names the columns: Object id and User principal name, optionally Display name and Mail. At most 5 MB and 20,000 rows.',
      found: (count: number, repeated: number) =>
        `${people(count)} found${repeated > 0 ? `; ${n(repeated)} ${repeated === 1 ? 'row names' : 'rows name'} somebody again` : ''}.`,
      refused: 'Nothing was taken from this file',
      inLine: (line: number) => `Line ${n(line)}:`,
      problem: {
        empty: 'The file is empty.',
        too_large: 'It is larger than 5 MB. Split it into smaller files.',
        too_many_lines: 'It has more than 20,000 rows. Split it into smaller files.',
        too_many_columns: 'It has more than 50 columns. Keep the columns that are needed.',
        not_text: 'It is a workbook or another file that is not text. Save it as CSV UTF-8.',
        encoding: 'Its letters cannot be read. Save it as CSV UTF-8.',
        no_headings: 'Its first line does not name the columns Object id and User principal name.',
        broken: 'A quotation mark is not closed, or the row is too long. Correct the line and choose the file again.',
        unreadable: 'It cannot be read. Choose it again; it may have been moved or changed.',
      } satisfies Record<FileProblem, string>,
      badRows: (count: number) => `${n(count)} ${count === 1 ? 'row is' : 'rows are'} not understood`,
      badRowsText: 'Correct them and choose the file again, or leave them out.',
      moreBadRows: (count: number) => `And ${n(count)} more.`,
      leaveOut: (bad: number, good: number) =>
        `Leave out ${n(bad)} ${bad === 1 ? 'row' : 'rows'} and take the other ${people(good)}`,
      rowProblem: {
        id: 'the object id is missing or is none',
        user_principal_name: 'the user principal name is missing or is none',
        too_long: 'a cell is too long',
        control_character: 'a cell holds a line break or another control character',
        too_many_cells: 'there are more cells than columns',
      } satisfies Record<RowProblem, string>,
    },
    pasteLabel: 'Users, one per line',
    pasteHint: 'Object id, user principal name and display name, separated by commas or tabs.',
    pasteInvalid: (line: number) =>
      `Line ${n(line)} is not understood: an object id and a user principal name are needed.`,
    done: {
      title: 'Users added',
      added: (count: number) => `${people(count)} added.`,
      alreadyHere: (count: number) => `${people(count)} ${count === 1 ? 'was' : 'were'} already here.`,
      elsewhere: (count: number) =>
        `${people(count)} ${count === 1 ? 'belongs' : 'belong'} to another organization and stayed there:`,
      next: 'Check their mailboxes when the consent is granted.',
    },
  };
}
