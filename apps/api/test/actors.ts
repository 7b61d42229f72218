import { SCOPES } from '@homeserver/dto';

import type { Actor } from '../src/platform/access/actor';

/** Somebody who may do everything, for parts that are tested without an application. */
export const SOMEBODY: Actor = {
  userId: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c',
  username: 'somebody',
  role: 'admin',
  scopes: SCOPES,
  credential: { kind: 'session', id: '0198c0db-7777-7c5b-9a51-0d5a3b1f2e4c' },
  clientAddress: '127.0.0.1',
  hasQuota: false,
  confirmedAt: new Date(0),
};
