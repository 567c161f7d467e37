import { listActivity } from './activity.ts';
import { getConsent, parkConsentCallback, redeemConsent, startConsent, verifyConsent } from './consent.ts';
import {
  cancelConnectivityCheck,
  getConnectivityCheck,
  listConnectivityChecks,
  startConnectivityCheck,
} from './mailbox-connectivity.ts';
import {
  advanceScopeChange,
  bringReadingResult,
  bringScopeResult,
  dismissScopeDrift,
  endScopeChange,
  getMailboxAccess,
  getMailboxScope,
  getReadingScript,
  getScopeProof,
  getScopeScript,
  previewMailboxScope,
  readEnforcedScope,
  runScopeStep,
  startPolicyMigration,
  startScopeChange,
  startScopeProof,
} from './mailbox-scope.ts';
import { forceSynchronization, reinitializeMailboxes, resetMailboxes, switchSynchronization } from './mailbox-sync.ts';
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  listOrganizations,
  updateOrganization,
} from './organizations.ts';
import { getOverview } from './overview.ts';
import { getSession } from './session.ts';
import { addUsers, exportUsers, getUser, listUsers, moveUsers, removeUsers } from './users.ts';

/** Every endpoint of the service by name: what tests walk through, so that none is without a rule. */
export const api = {
  getSession,
  getOverview,
  listOrganizations,
  getOrganization,
  createOrganization,
  updateOrganization,
  deleteOrganization,
  listUsers,
  exportUsers,
  getUser,
  addUsers,
  moveUsers,
  removeUsers,
  getConsent,
  verifyConsent,
  startConsent,
  redeemConsent,
  parkConsentCallback,
  startConnectivityCheck,
  listConnectivityChecks,
  getConnectivityCheck,
  cancelConnectivityCheck,
  getMailboxScope,
  previewMailboxScope,
  startScopeChange,
  startPolicyMigration,
  getScopeScript,
  bringScopeResult,
  runScopeStep,
  advanceScopeChange,
  endScopeChange,
  readEnforcedScope,
  getReadingScript,
  bringReadingResult,
  startScopeProof,
  getScopeProof,
  dismissScopeDrift,
  getMailboxAccess,
  forceSynchronization,
  switchSynchronization,
  resetMailboxes,
  reinitializeMailboxes,
  listActivity,
} as const;
