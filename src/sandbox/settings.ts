/** Whether and how Graph throttles an application in a tenant; a token bucket. */
export interface ThrottleSettings {
  /** Requests that fit into a second in the long run; inner requests of a batch count one each. */
  readonly requestsPerSecond: number;
  /** Requests that fit at once. */
  readonly burst: number;
  readonly retryAfterSeconds: number;
  /** RFC 9110 allows both forms. */
  readonly retryAfterForm?: 'seconds' | 'date';
  /** Part of the batches that come while nothing is left which are refused whole, without a look at what is in them. */
  readonly wholeBatchShare?: number;
}

/** How this tenant behaves where Microsoft's documentation leaves room. Tests change it while the sandbox runs. */
export interface Settings {
  /** Seconds until new tokens show a grant or a revocation. */
  grantPropagationSeconds: number;
  /** Seconds until Graph sees a change in Exchange: 30 minutes to 2 hours, as Microsoft says. */
  exchangePropagationSeconds: number;
  /** Milliseconds that every request to Microsoft Graph takes, inner requests of a batch too. */
  graphLatencyMs: number;
  /** Milliseconds that every request to Entra takes. */
  entraLatencyMs: number;
  /** Absent: no limit beside the documented ones. */
  throttle: ThrottleSettings | undefined;
  /** Most requests of one application to one mailbox at the same time. */
  mailboxConcurrency: number;
  /** Most requests of one application to one mailbox in ten minutes. */
  mailboxRequestsPerTenMinutes: number;
  /** Resource units of the directory for one application and tenant in ten seconds: 3500, 5000 or 8000 by tenant size. */
  directoryUnitsPerTenSeconds: number;
  /** What the redirect after pressing Cancel says; Microsoft documents several. */
  cancelledConsentError: 'consent_required' | 'access_denied' | 'permission_denied';
  /**
   * How Get-OrganizationConfig writes EwsAllowedAppIDs: documented is what Set- takes, one text with commas. `absent` is a
   * version that does not know it yet.
   */
  ewsAllowedAppIdsForm: 'text' | 'list' | 'absent';
  /** Whether Graph honours EwsApplicationAccessPolicy, which is documented for "EWS and REST" and older than Graph. */
  graphHonoursUserAgentPolicy: boolean;
  /** Lifetime of access tokens in seconds; absent: 60 to 90 minutes at random, as Entra does. */
  accessTokenLifetimeSeconds: number | undefined;
}

export const defaultSettings = (): Settings => ({
  grantPropagationSeconds: 0,
  exchangePropagationSeconds: 1800,
  graphLatencyMs: 0,
  entraLatencyMs: 0,
  throttle: undefined,
  mailboxConcurrency: 4,
  mailboxRequestsPerTenMinutes: 10_000,
  directoryUnitsPerTenSeconds: 8_000,
  cancelledConsentError: 'consent_required',
  ewsAllowedAppIdsForm: 'text',
  graphHonoursUserAgentPolicy: true,
  accessTokenLifetimeSeconds: undefined,
});
