import {
  deleteTrashedQuerySchema,
  type DeleteTrashedQuery,
  type EmptiedTrash,
  emptiedTrashSchema,
  type EmptyTrashQuery,
  emptyTrashQuerySchema,
  type FileMetadata,
  fileMetadataSchema,
  idSchema,
  type ListTrashQuery,
  listTrashQuerySchema,
  type TrashPage,
  trashPageSchema,
} from '@homeserver/dto';
import { Controller, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DeleteEndpoint, GetEndpoint, PostEndpoint } from '../../platform/http/endpoint.decorator';
import { metadataTag } from '../entries/entity-tag';
import { TrashRemoval } from './trash-removal.service';
import { TrashService } from './trash.service';

const ACCEPTED = 202;

@ApiTags('Trash')
@Controller('api/v1/trash')
export class TrashController {
  constructor(
    private readonly trash: TrashService,
    private readonly removal: TrashRemoval,
  ) {}

  @GetEndpoint('', {
    summary: 'What is in the trash, what was put there last first',
    description:
      'Of all drives that you may read, or of one. Of a deleted folder the folder alone: what is in it comes and goes with it.',
    access: 'files:read',
    response: trashPageSchema,
    problems: { 404: ['drives.not_found'] },
  })
  async listTrash(
    @CurrentActor() actor: Actor,
    @Query({ schema: listTrashQuerySchema }) query: ListTrashQuery,
  ): Promise<TrashPage> {
    return this.trash.list(actor, query);
  }

  @PostEndpoint(':id/restore', {
    summary: 'Take something out of the trash',
    description:
      'To the folder that it was in, wherever that is now; where that is gone, the folders of its path are made again. Where its name is taken it gets the next free one.',
    access: 'files:write',
    response: fileMetadataSchema,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: ['files.not_found', 'files.content_missing'],
      422: ['files.name_reserved'],
      423: ['files.busy'],
      503: ['drives.offline'],
      507: ['drives.full'],
    },
  })
  async restoreFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata> {
    const file = await this.trash.restore(actor, id);
    response.setHeader('ETag', metadataTag(file.version));
    return file;
  }

  @DeleteEndpoint(':id', {
    summary: 'Delete something in the trash for good',
    access: 'files:write',
    response: null,
    status: 204,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: ['files.not_found'],
      409: ['files.many_unconfirmed', 'files.is_mount'],
      423: ['files.busy'],
      503: ['drives.offline'],
    },
  })
  async deleteTrashed(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: deleteTrashedQuerySchema }) { confirm }: DeleteTrashedQuery,
  ): Promise<void> {
    await this.removal.removeOne(actor, id, confirm);
  }

  @DeleteEndpoint('', {
    summary: 'Empty the trash',
    description:
      'Of all drives that you may write to and that are there, or of one. Of a drive with more than 100 entries in its trash a job does it: 202.',
    access: 'files:write',
    response: emptiedTrashSchema,
    accepted: emptiedTrashSchema,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: ['drives.not_found'],
      409: ['files.many_unconfirmed', 'files.is_mount'],
      503: ['drives.offline'],
    },
  })
  async emptyTrash(
    @CurrentActor() actor: Actor,
    @Query({ schema: emptyTrashQuerySchema }) query: EmptyTrashQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EmptiedTrash> {
    const emptied = await this.removal.empty(actor, query);
    if (emptied.jobs.length > 0) response.status(ACCEPTED);
    return emptied;
  }
}
