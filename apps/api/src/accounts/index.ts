export { AccountsModule } from './accounts.module';
export { SetupService } from './setup/setup.service';
export { type UserFollower, UserFollowers } from './users/user-followers';
export { UsersService } from './users/users.service';
export type { UserRow } from './users/user';
