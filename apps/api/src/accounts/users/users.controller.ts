import {
  type CreateUser,
  createUserSchema,
  idSchema,
  type ListUsersQuery,
  listUsersQuerySchema,
  type PatchUser,
  patchUserSchema,
  type User,
  type UserPage,
  userPageSchema,
  userSchema,
} from '@homeserver/dto';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import {
  DeleteEndpoint,
  GetEndpoint,
  PatchEndpoint,
  PostEndpoint,
} from '../../platform/http/endpoint.decorator';
import { UsersService } from './users.service';

const UNKNOWN = ['accounts.user_not_found'];

@ApiTags('Accounts')
@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @GetEndpoint('', {
    summary: 'All users, by user name',
    access: 'admin',
    response: userPageSchema,
  })
  async listUsers(
    @Query({ schema: listUsersQuerySchema }) { cursor, limit }: ListUsersQuery,
  ): Promise<UserPage> {
    return this.users.list(cursor, limit);
  }

  @PostEndpoint('', {
    summary: 'Make a user, with a personal drive',
    access: 'admin',
    response: userSchema,
    status: 201,
    problems: {
      403: ['accounts.confirm_required'],
      409: ['accounts.username_taken'],
      422: ['accounts.password_guessable'],
    },
  })
  async createUser(
    @CurrentActor() actor: Actor,
    @Body({ schema: createUserSchema }) body: CreateUser,
  ): Promise<User> {
    return this.users.create(body, actor);
  }

  @GetEndpoint(':id', {
    summary: 'A user',
    access: 'admin',
    response: userSchema,
    problems: { 404: UNKNOWN },
  })
  async readUser(@Param('id', { schema: idSchema }) id: string): Promise<User> {
    return this.users.get(id);
  }

  @PatchEndpoint(':id', {
    summary: 'Change, disable or enable a user',
    description: 'Disabling, or a new password, ends all their sessions.',
    access: 'admin',
    response: userSchema,
    problems: {
      403: ['accounts.confirm_required'],
      404: UNKNOWN,
      409: ['accounts.last_administrator'],
      422: ['accounts.password_guessable'],
    },
  })
  async patchUser(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: patchUserSchema }) patch: PatchUser,
  ): Promise<User> {
    return this.users.change(id, patch, actor);
  }

  @DeleteEndpoint(':id', {
    summary: 'Delete a user',
    description:
      'Their personal drive and its files stay; whoever deletes them may read and write there then.',
    access: 'admin',
    response: null,
    status: 204,
    problems: {
      403: ['accounts.confirm_required'],
      404: UNKNOWN,
      409: ['accounts.last_administrator'],
    },
  })
  async deleteUser(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.users.delete(id, actor);
  }
}
