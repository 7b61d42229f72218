import { idSchema, zipQuerySchema } from '@homeserver/dto';
import { Controller, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { type EndpointOptions, GetEndpoint } from '../../platform/http/endpoint.decorator';
import { dispositionOf } from '../downloads/download-answer';
import { ArchiveSender } from './archive-sender.service';
import { type Archive, ArchivesService } from './archives.service';

const ANSWER = {
  access: 'files:read',
  response: null,
  produces: 'application/zip',
  problems: { 404: ['files.not_found'], 503: ['drives.offline'] },
} as const satisfies Partial<EndpointOptions>;
const WHAT_IT_IS =
  'A ZIP file (ZIP64 where it is large) that is made while it is sent: nothing is compressed, its length is not known, and it has no ranges. What cannot be read is named in a list inside.';

@ApiTags('Files')
@Controller('api/v1/files')
export class ArchivesController {
  constructor(
    private readonly archives: ArchivesService,
    private readonly sender: ArchiveSender,
  ) {}

  @GetEndpoint('zip', {
    summary: 'Several files and folders as one archive',
    description: WHAT_IT_IS,
    ...ANSWER,
  })
  async downloadSelection(
    @CurrentActor() actor: Actor,
    @Query({ schema: zipQuerySchema }) { ids }: { ids: string[] },
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(await this.archives.prepare(actor, ids), response);
  }

  @GetEndpoint(':id/zip', {
    summary: 'A folder with all that is in it as an archive',
    description: WHAT_IT_IS,
    ...ANSWER,
  })
  async downloadFolder(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(await this.archives.prepare(actor, [id]), response);
  }

  private async answer({ filename, items, takeName }: Archive, response: Response): Promise<void> {
    response.setHeader('Content-Type', 'application/zip');
    response.setHeader('Content-Disposition', dispositionOf(filename, 'attachment'));
    response.setHeader('Cache-Control', 'private, no-store, no-transform');
    response.setHeader('Accept-Ranges', 'none');
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    // Whoever waits learns at once that it is coming.
    response.flushHeaders();
    await this.sender.send(items, response, takeName);
  }
}
