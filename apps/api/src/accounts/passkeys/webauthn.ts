/** Large, with all kinds of certificates in it, and needed by few: it costs memory from the first passkey on. */
export const loadWebAuthn = () => import('@simplewebauthn/server');
