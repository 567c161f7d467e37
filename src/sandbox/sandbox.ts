/** The simulated tenant as tests and `npm run sandbox` see it. */
export interface Sandbox {
  /** Where it listens, such as `https://localhost:4300`; Entra, Graph and the Teams host answer there by path. */
  readonly url: string;
  /** PEM of the certificate authority that signed the server's certificate; for `NODE_EXTRA_CA_CERTS`. */
  readonly certificateAuthority: string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
