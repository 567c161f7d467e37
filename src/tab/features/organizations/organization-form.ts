import { createOrganization } from '../../../contract/organizations.ts';
import { ApiError } from '../../api/api-error.ts';
import type { Texts } from '../../texts/en.ts';

export interface FieldErrors {
  readonly name?: string | undefined;
  readonly externalId?: string | undefined;
}

/** Judges the form by the contract's own rules, before anything is sent. */
export function checkForm(form: { name: string; externalId: string }, { organizations }: Texts): FieldErrors {
  const result = createOrganization.body?.safeParse(form);
  if (!result || result.success) return {};
  const wrong = new Set(result.error.issues.map((issue) => issue.path[0]));
  return {
    name: wrong.has('name') ? organizations.nameMissing : undefined,
    externalId: !wrong.has('externalId')
      ? undefined
      : form.externalId.trim() === ''
        ? organizations.externalIdMissing
        : organizations.externalIdInvalid,
  };
}

/** What the service refused, beside the field it is about. */
export function fieldErrorsOf(error: unknown): FieldErrors {
  const isTaken = error instanceof ApiError && error.code === 'organization.external_id_taken';
  return isTaken ? { externalId: `${error.title}. ${error.remedy}` } : {};
}
