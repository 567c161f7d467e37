/** Where the tab runs, as far as the host told us. A hint for the sign-in and the looks, never proof of identity. */
export type Host = TeamsHost | BrowserHost | SilentHost;

export interface TeamsHost {
  readonly kind: 'teams';
  readonly theme: TeamsTheme;
  /** BCP 47, such as `en-us`. */
  readonly locale: string;
  readonly userId: string | undefined;
  readonly tenantId: string | undefined;
  readonly loginHint: string | undefined;
  /** Where a link into the tab points; written by whoever made the link. */
  readonly subPageId: string | undefined;
  readonly nestedAuth: NestedAuthSupport;
  /** Such as `Teams, desktop`: for the technical detail of a failure. */
  readonly description: string;
}

export interface BrowserHost {
  readonly kind: 'browser';
}

/** The page is framed, and the frame's owner does not answer as Teams does. */
export interface SilentHost {
  readonly kind: 'silent';
  readonly technical: string;
}

/** A host can recommend nested app authentication without having built the bridge for it. */
export interface NestedAuthSupport {
  readonly isRecommended: boolean;
  readonly hasBridge: boolean;
}

export type TeamsTheme = 'default' | 'dark' | 'contrast';
