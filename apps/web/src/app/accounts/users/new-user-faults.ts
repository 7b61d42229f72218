import { type CreateUser, newPasswordSchema, usernameSchema } from '@homeserver/dto';

/** What is wrong with somebody new before the server is asked, by the pointers of their fields. */
export function newUserFaults(user: CreateUser): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const username = usernameSchema.safeParse(user.username);
  if (!username.success) faults.set('#/username', username.error.issues[0]?.message ?? '');
  const password = newPasswordSchema.safeParse(user.password);
  if (!password.success) faults.set('#/password', password.error.issues[0]?.message ?? '');
  return faults;
}
