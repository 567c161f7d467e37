/** A way to get tokens, chosen once per page. Tokens are never kept by us: whoever issues them caches them. */
export interface SignIn {
  readonly way: 'nested' | 'teams' | 'browser';
  /**
   * A token for our own API.
   * @param options.renew past every cache, after the service refused the last one
   * @throws SignInFailure
   */
  getApiToken(options?: { readonly renew?: boolean }): Promise<string>;
  /** Lets Microsoft ask the admin; only from a click. Throws SignInFailure. */
  askByClick(): Promise<void>;
  /**
   * A delegated token for Microsoft Graph; absent where the host gives none.
   * @param options.mayAsk from a click only: Microsoft may open a window
   * @throws SignInFailure
   */
  readonly getGraphToken?: (scopes: readonly string[], options: { readonly mayAsk: boolean }) => Promise<string>;
}

/** Time limits in milliseconds: neither MSAL's bridge nor Teams has one. */
export const limits = { prepare: 5_000, silent: 15_000, asked: 300_000 } as const;
