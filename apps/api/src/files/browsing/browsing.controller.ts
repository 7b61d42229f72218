import {
  type FilePage,
  filePageSchema,
  idSchema,
  type ListFilesQuery,
  listFilesQuerySchema,
  type ListTagsQuery,
  listTagsQuerySchema,
  type TagCountPage,
  tagCountPageSchema,
  type UsageNode,
  usageNodeSchema,
  type UsageQuery,
  usageQuerySchema,
} from '@homeserver/dto';
import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { BrowsingService } from './browsing.service';
import { UsageService } from './usage.service';

@ApiTags('Files')
@Controller('api/v1')
export class BrowsingController {
  constructor(
    private readonly browsing: BrowsingService,
    private readonly usage: UsageService,
  ) {}

  @GetEndpoint('files/list', {
    summary: 'The entries of a folder, or the newest files',
    description:
      'With `folderId` its direct children, with `driveId` alone those of its root, folders first, then by name in natural order; with neither the newest files of all drives that you may see. `kind` leaves only folders, or only files. With `tag` or `q` everything below that fits. `total` comes with the first page.',
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

  @GetEndpoint('files/:id/usage', {
    summary: 'What takes the room in a folder',
    description:
      'The largest entries of the folder, at most 40, and of the folders among them again the largest, `depth` levels deep and about 1000 in all. What is not told one by one is added up in `rest`.',
    access: 'files:read',
    response: usageNodeSchema,
    problems: { 404: ['files.not_found'] },
  })
  async readUsage(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: usageQuerySchema }) { depth }: UsageQuery,
  ): Promise<UsageNode> {
    return this.usage.readMap(actor, id, depth);
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
