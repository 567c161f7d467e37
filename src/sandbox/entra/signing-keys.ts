import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { makeSelfSignedCertificate, thumbprintOf } from '../certificates.ts';

interface SigningKey {
  readonly kid: string;
  readonly certificate: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The keys with which Entra signs tokens. Tests rotate them. */
export class SigningKeys {
  #keys: SigningKey[];

  private constructor(first: SigningKey) {
    this.#keys = [first];
  }

  static async create(): Promise<SigningKeys> {
    return new SigningKeys(await makeKey());
  }

  get current(): SigningKey {
    return this.#keys[0] as SigningKey;
  }

  /** Signs with a new key from now on. The old one stays published until `withdrawOld` is called. */
  async rotate(): Promise<void> {
    this.#keys.unshift(await makeKey());
  }

  withdrawOld(): void {
    this.#keys = [this.current];
  }

  /** A signed token (RS256). `header` is merged over the usual one; `signedHeader` is signed in its place. */
  sign(claims: object, header: object = {}, signedHeader?: object): string {
    const usual = { typ: 'JWT', alg: 'RS256', kid: this.current.kid };
    const payload = encode(claims);
    const signature = createSign('RSA-SHA256')
      .update(`${encode({ ...usual, ...(signedHeader ?? header) })}.${payload}`)
      .sign(this.current.privateKey, 'base64url');
    return `${encode({ ...usual, ...header })}.${payload}.${signature}`;
  }

  /** Whether one of the published keys signed this. */
  verifies(kid: string, signed: string, signature: string): boolean {
    const key = this.#keys.find((each) => each.kid === kid);
    if (!key) return false;
    return createVerify('RSA-SHA256').update(signed).verify(key.publicKey, signature, 'base64url');
  }

  /** The JSON Web Key Set, with Entra's own member `issuer`. */
  published(issuer: string): object {
    return {
      keys: this.#keys.map(({ kid, certificate, publicKey }) => ({
        kty: 'RSA',
        use: 'sig',
        kid,
        x5t: kid,
        n: publicKey.export({ format: 'jwk' }).n,
        e: publicKey.export({ format: 'jwk' }).e,
        x5c: [new X509Certificate(certificate).raw.toString('base64')],
        issuer,
      })),
    };
  }
}

async function makeKey(): Promise<SigningKey> {
  const { certificate, key } = await makeSelfSignedCertificate('accounts.accesscontrol.windows.net');
  return {
    kid: Buffer.from(thumbprintOf(certificate, 'sha1'), 'hex').toString('base64url'),
    certificate,
    privateKey: createPrivateKey(key),
    publicKey: createPublicKey(certificate),
  };
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
