import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

import type { AssertionResponse, PasskeyChallenge, RegistrationResponse } from '@homeserver/dto';
import * as z from 'zod';

const creationSchema = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
});
const requestSchema = z.object({ challenge: z.string(), rpId: z.string() });
const keySchema = z.object({ x: z.string(), y: z.string() });

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** What an authenticator, or who stands between, may do otherwise than it should. */
export interface Deviation {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly isUserVerified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | undefined;
  readonly type?: string;
}

/** A passkey of ES256 in memory, and the browser around it: WebAuthn Level 3 as far as we use it. */
export class SoftwarePasskey {
  readonly credentialId = randomBytes(32);
  counter = 0;
  private readonly privateKey: KeyObject;
  private readonly coseKey: Buffer;
  private userHandle: string | undefined;

  /** @param origin of the page in which it is used */
  constructor(readonly origin: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = keySchema.parse(publicKey.export({ format: 'jwk' }));
    this.privateKey = privateKey;
    // RFC 9053: kty EC2, alg ES256, curve P-256.
    this.coseKey = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
  }

  /** Answers a challenge to be made. */
  create(
    { options }: Pick<PasskeyChallenge, 'options'>,
    deviation: Deviation = {},
  ): RegistrationResponse {
    const { challenge, rp, user } = creationSchema.parse(options);
    this.userHandle = user.id;
    const attested = Buffer.concat([
      Buffer.alloc(16),
      uint(this.credentialId.length, 2),
      this.credentialId,
      this.coseKey,
    ]);
    const authData = this.authenticatorData(rp.id, HAS_CREDENTIAL, deviation);
    const attestation = cborMap([
      ['fmt', 'none'],
      ['attStmt', null],
      ['authData', Buffer.concat([authData, attested])],
    ]);
    return {
      ...this.identity(),
      response: {
        clientDataJSON: this.clientData('webauthn.create', challenge, deviation).toString(
          'base64url',
        ),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** Answers a challenge to be used. */
  use(
    { options }: Pick<PasskeyChallenge, 'options'>,
    deviation: Deviation = {},
  ): AssertionResponse {
    const { challenge, rpId } = requestSchema.parse(options);
    const authData = this.authenticatorData(rpId, 0, deviation);
    const clientData = this.clientData('webauthn.get', challenge, deviation);
    const signature = sign(
      'sha256',
      Buffer.concat([authData, sha256(clientData)]),
      this.privateKey,
    );
    return {
      ...this.identity(),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: 'userHandle' in deviation ? deviation.userHandle : this.userHandle,
      },
    };
  }

  private identity(): Pick<AssertionResponse, 'id' | 'rawId' | 'type'> {
    const id = this.credentialId.toString('base64url');
    return { id, rawId: id, type: 'public-key' };
  }

  private authenticatorData(
    rpId: string,
    flags: number,
    { rpId: otherRpId, isUserVerified = true, counter = this.counter }: Deviation,
  ): Buffer {
    const verified = isUserVerified ? USER_VERIFIED : 0;
    return Buffer.concat([
      sha256(otherRpId ?? rpId),
      uint(flags | USER_PRESENT | verified, 1),
      uint(counter, 4),
    ]);
  }

  private clientData(type: string, challenge: string, deviation: Deviation): Buffer {
    return Buffer.from(
      JSON.stringify({
        type,
        challenge,
        origin: this.origin,
        crossOrigin: false,
        ...pick(deviation),
      }),
    );
  }
}

function pick({ origin, challenge, type }: Deviation): Record<string, string> {
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(type === undefined ? {} : { type }),
  };
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** RFC 8949, as far as we need it; null stands for an empty map. */
function cbor(value: number | string | Buffer | null): Buffer {
  if (value === null) return cborHead(5, 0);
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === 'string')
    return Buffer.concat([cborHead(3, value.length), Buffer.from(value)]);
  return Buffer.concat([cborHead(2, value.length), value]);
}

function cborMap(
  entries: readonly (readonly [number | string, number | string | Buffer | null])[],
): Buffer {
  return Buffer.concat([
    cborHead(5, entries.length),
    ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)]),
  ]);
}

function cborHead(major: number, value: number): Buffer {
  if (value < 24) return uint((major << 5) | value, 1);
  if (value < 256) return Buffer.concat([uint((major << 5) | 24, 1), uint(value, 1)]);
  return Buffer.concat([uint((major << 5) | 25, 1), uint(value, 2)]);
}
