import type { RowVerdict } from '../domain/provisioning/row-verdict.ts';

interface VerdictWords {
  /** Completes "12: …" and stands beside one person. */
  readonly title: string;
  readonly remedy: string;
}

/** The words for each verdict on a row, the same in the tab and in the file with what needs attention. */
export const verdictWords: Readonly<Record<RowVerdict, VerdictWords>> = {
  waiting: { title: 'not looked up yet', remedy: 'Wait, or go on with the import.' },
  added: { title: 'added', remedy: 'Check the mailbox when the consent is granted.' },

  eligible: { title: 'ready', remedy: 'Nothing to do.' },
  shared_mailbox: {
    title: 'shared mailbox, room or equipment',
    remedy: 'Nothing to do: it needs no licence, and nobody signs in to it.',
  },
  account_disabled: {
    title: 'account disabled, mailbox active',
    remedy: 'Nothing to do for the mailbox. Leave the person out if the account is being closed.',
  },

  no_licence: {
    title: 'no licence with a mailbox',
    remedy: 'Assign a licence that includes Exchange Online. A shared mailbox that can sign in may be added as it is.',
  },
  no_mail: {
    title: 'no mail address',
    remedy: 'Wait until Exchange Online has made the mailbox; if it stays, set the primary address in Exchange.',
  },
  on_premises: {
    title: 'mailbox not in Exchange Online',
    remedy: 'Migrate the mailbox to Exchange Online, or assign a licence that includes it.',
  },
  not_verified: {
    title: 'could not be looked up',
    remedy:
      'The application may not read the directory yet. Grant admin consent and start again, or add now and check the mailbox later.',
  },
  deleted: {
    title: 'deleted in the directory',
    remedy: 'Restore the user in Entra within 30 days after the deletion, then start again.',
  },
  in_another_organization: {
    title: 'in another organization',
    remedy: 'Move the user with Move to organization.',
  },

  guest: {
    title: 'guest',
    remedy: 'The mailbox of a guest is in another tenant. Leave the person out.',
  },
  not_in_directory: {
    title: 'not in the directory',
    remedy: 'Compare the spelling with Entra; who was deleted more than 30 days ago cannot be restored.',
  },

  already_here: { title: 'already here', remedy: 'Nothing to do.' },
  'row.duplicate': { title: 'named before', remedy: 'Nothing to do: the person counts once.' },

  'row.nobody_named': {
    title: 'names nobody',
    remedy: 'Give the object id, the user principal name or the mail address in this line.',
  },
  'row.object_id': {
    title: 'the object id is none',
    remedy: 'Copy the object id from Entra, such as 0f9b2c1e-5f53-4a7e-9a55-2b7f3f1f0c11.',
  },
  'row.address': { title: 'not an e-mail address', remedy: 'Write the address with one @, such as ada@contoso.com.' },
  'row.too_long': {
    title: 'a cell is too long',
    remedy: 'Shorten the cell, or put it in quotation marks where it ends.',
  },
  'row.control_character': {
    title: 'a cell holds a line break or another control character',
    remedy: 'Remove it from the cell.',
  },
  'row.too_many_cells': {
    title: 'there are more cells than columns',
    remedy: 'Put cells that hold the separator in quotation marks.',
  },
};
