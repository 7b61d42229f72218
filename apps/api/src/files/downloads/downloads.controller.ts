import { downloadQuerySchema, idSchema } from '@homeserver/dto';
import { Controller, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { DOWNLOAD_ACCESS, sendDownload } from './download-answer';
import { DownloadsService } from './downloads.service';

@ApiTags('Files')
@Controller('api/v1/files')
export class DownloadsController {
  constructor(private readonly downloads: DownloadsService) {}

  @GetEndpoint(':id/download', {
    summary: 'The bytes of a file',
    description:
      'HEAD answers for the whole file, without the bytes. Ranges (several of them as multipart/byteranges, at most 16), ETag and conditional requests are those of RFC 9110.',
    access: DOWNLOAD_ACCESS,
    response: null,
    produces: 'application/octet-stream',
    otherResponses: {
      206: 'The part that `Range` asks for',
      304: 'Not changed since `If-None-Match` or `If-Modified-Since`',
    },
    problems: {
      403: ['drives.forbidden'],
      404: ['files.not_found', 'files.content_missing'],
      409: ['files.is_link'],
      412: ['http.precondition_failed'],
      416: ['http.range_unsatisfiable'],
      503: ['drives.offline'],
    },
  })
  @ApiHeader({ name: 'Range', description: 'Such as bytes=0-1023', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async downloadFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: downloadQuerySchema }) { inline }: { inline?: '0' | '1' | undefined },
    @Res() response: Response,
  ): Promise<void> {
    await sendDownload(response, this.downloads, actor, { id, isInline: inline === '1' });
  }
}
