/**
 * How a passkey knows its user (WebAuthn's user handle, section 5.4.3): by the bytes of the id, which say
 * nothing about the person.
 */
export function toUserHandle(userId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex'));
}

/** Whether a passkey says that it is this user's. */
export function isUserHandleOf(userId: string, handle: string | undefined): boolean {
  return handle === Buffer.from(toUserHandle(userId)).toString('base64url');
}
