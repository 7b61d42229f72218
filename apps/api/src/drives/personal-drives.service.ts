import path from 'node:path';

import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { type UserFollower, UserFollowers, type UserRow, UsersService } from '../accounts';
import type { Actor } from '../platform/access/actor';
import { CONFIG, type Config } from '../platform/config/config';
import { uuid7 } from '../platform/database/uuid7';
import type { EventTransaction } from '../platform/events/event-transactions';
import { preparePrivateFolder, readMarker, writeMarker } from './drive-marker.adapter';
import { DriveGrantsRepository } from './drive-grants.repository';
import { DrivesService, HOMES } from './drives.service';

/** Sees to it that everybody has a drive of their own, and administrators the shared ones. */
@Injectable()
export class PersonalDrives implements UserFollower, OnModuleInit, OnApplicationBootstrap {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly grants: DriveGrantsRepository,
    private readonly drives: DrivesService,
    private readonly followers: UserFollowers,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.followers.add(this);
  }

  /** What a crash, or a full disk, has kept from being made is made at the next start. */
  async onApplicationBootstrap(): Promise<void> {
    await this.users.welcomeAll();
  }

  /** Two sign-ins of somebody new at the same moment would write two markers, of which one is not in the row. */
  async welcome(user: UserRow): Promise<void> {
    const former = this.underWay.get(user.id);
    if (former !== undefined) return former;
    const made = this.makeDrive(user).finally(() => this.underWay.delete(user.id));
    this.underWay.set(user.id, made);
    return made;
  }

  private async makeDrive(user: UserRow): Promise<void> {
    if (await this.grants.hasPersonalDrive(user.id)) return;
    const folder = `${HOMES}${user.username}`;
    const root = path.join(this.config.dataDir, folder);
    await preparePrivateFolder(root);
    // A drive whose owner was deleted goes to the next of that name, with all that lies on it.
    const id = (await this.grants.findOrphan(folder)) ?? (await this.markedId(root));
    await this.grants.insertPersonal({
      id,
      name: user.username,
      rootFolderId: uuid7(),
      folder,
      ownerId: user.id,
    });
    await this.drives.serveAll();
  }

  async promote(userId: string, manager: EntityManager): Promise<void> {
    await this.grants.grantShared(userId, manager);
  }

  async inherit(userId: string, heir: Actor, { manager, record }: EventTransaction): Promise<void> {
    for (const { id, name } of await this.grants.inherit(userId, heir.userId, manager)) {
      await record({
        type: 'homeserver.drive.granted',
        subject: `drives/${id}`,
        driveId: null,
        audience: 'administrators',
        cause: heir,
        data: { driveName: name, username: heir.username, access: 'write' },
      });
    }
  }

  async hasRemains(username: string): Promise<boolean> {
    const folder = `${HOMES}${username}`;
    if ((await this.grants.findOrphan(folder)) !== null) return true;
    return (await readMarker(path.join(this.config.dataDir, folder))).kind !== 'absent';
  }

  /** The marker first: a start that fails in between finds it, and takes up its id. */
  private async markedId(root: string): Promise<string> {
    const marker = await readMarker(root);
    // A folder that was copied brings the marker of the drive that it was copied from.
    if (marker.kind === 'marked' && !(await this.grants.isKnown(marker.id))) return marker.id;
    const id = uuid7();
    await writeMarker(root, id);
    return id;
  }
}
