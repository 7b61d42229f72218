import {
  type FilePage,
  filePageSchema,
  type ListFilesQuery,
  listFilesQuerySchema,
  type ListTagsQuery,
  listTagsQuerySchema,
  type TagCountPage,
  tagCountPageSchema,
} from '@homeserver/dto';
import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { BrowsingService } from './browsing.service';

@ApiTags('Files')
@Controller('api/v1')
export class BrowsingController {
  constructor(private readonly browsing: BrowsingService) {}

  @GetEndpoint('files/list', {
    summary: 'The entries of a folder, or the newest files',
    description:
      'With `folderId` its direct children, with `driveId` alone those of its root, folders first, then by name in natural order; with neither the newest files of all drives that you may see. With `tag` or `q` everything below that fits. `total` comes with the first page.',
    access: 'files:read',
    response: filePageSchema,
    problems: { 404: ['files.not_found', 'drives.not_found'] },
  })
  async listFiles(
    @CurrentActor() actor: Actor,
    @Query({ schema: listFilesQuerySchema }) query: ListFilesQuery,
  ): Promise<FilePage> {
    return this.browsing.list(actor, query);
  }

  @GetEndpoint('tags', {
    summary: 'The tags in use, the most used first',
    access: 'files:read',
    response: tagCountPageSchema,
  })
  async listTags(
    @CurrentActor() actor: Actor,
    @Query({ schema: listTagsQuerySchema }) { cursor, limit }: ListTagsQuery,
  ): Promise<TagCountPage> {
    return this.browsing.listTags(actor, cursor, limit);
  }
}
