export { AccountsModule } from './accounts.module';
export { PasswordResetRepository } from './operator/password-reset.repository';
export { resetPassword } from './operator/reset-password';
export { requireConfirmed } from './sessions/confirmation.policy';
export { SetupService } from './setup/setup.service';
export { type UserFollower, UserFollowers } from './users/user-followers';
export { UsersService } from './users/users.service';
export type { UserRow } from './users/user';
