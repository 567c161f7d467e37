/** Ids that look alike are different types, so that the compiler refuses a swap. All are lower-case GUIDs. */
type Branded<Name extends string> = string & { readonly __id: Name };

/** The customer's Entra directory (`tid`). */
export type TenantId = Branded<'tenant'>;
/** Object id of a person in Entra (`oid`); it also keys that person's mailbox. */
export type UserId = Branded<'user'>;
/** Our group of users that share one connection; never Graph's `organization`. */
export type OrganizationId = Branded<'organization'>;
/** The application's client id; the service principal has another id. */
export type AppId = Branded<'application'>;
/** One run of mailbox checks. */
export type CheckId = Branded<'check'>;
/** One attempt of an admin to grant consent in Microsoft's dialog. */
export type ConsentAttemptId = Branded<'consent attempt'>;
/** One change of an organization's consent on its way through Microsoft. */
export type ConsentChangeId = Branded<'consent change'>;
/** One run of a command over users. */
export type CommandRunId = Branded<'command run'>;
/** One kept view of the list of users. */
export type SavedViewId = Branded<'saved view'>;
/** One synchronization of one mailbox. */
export type SyncSessionId = Branded<'sync session'>;
/** A group of the directory. */
export type GroupId = Branded<'group'>;
/** An administrative unit of the directory. */
export type AdministrativeUnitId = Branded<'administrative unit'>;
/** Object id of an application's service principal in one tenant; the application has another id. */
export type ServicePrincipalId = Branded<'service principal'>;
/** One change of the limit of the application, from its plan to its proof. */
export type ScopeChangeId = Branded<'scope change'>;
/** One proof of the limit from both sides. */
export type ScopeProofId = Branded<'scope proof'>;
/** One migration of an organization's users from Exchange Web Services. */
export type EwsMigrationId = Branded<'ews migration'>;
/** Something that changed in Microsoft 365 without this product. */
export type ScopeDriftId = Branded<'scope drift'>;
/** One rule that puts people of the directory into an organization. */
export type AssignmentRuleId = Branded<'assignment rule'>;
/** One evaluation of these rules. */
export type AssignmentRunId = Branded<'assignment run'>;
/** One bringing of people into an organization, from its source to its result. */
export type ProvisioningId = Branded<'provisioning'>;
