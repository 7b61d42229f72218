import {
  type DecideAttention,
  decideAttentionSchema,
  idSchema,
  type Job,
  jobSchema,
  type ScanDrive,
  scanDriveSchema,
} from '@homeserver/dto';
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { DriveScans } from './drive-scans.service';

@ApiTags('Drives')
@Controller('api/v1/drives')
export class IndexingController {
  constructor(private readonly scans: DriveScans) {}

  @PostEndpoint(':id/scan', {
    summary: 'Look through a drive for what has changed outside',
    access: 'admin',
    response: jobSchema,
    status: 202,
    problems: { 404: ['drives.not_found'], 503: ['drives.offline'] },
  })
  async scanDrive(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: scanDriveSchema }) body: ScanDrive,
  ): Promise<Job> {
    return this.scans.begin(actor, id, body);
  }

  @PostEndpoint(':id/attention', {
    summary: 'Say what becomes of the entries that a scan found gone',
    access: 'admin',
    response: null,
    status: 204,
    problems: { 404: ['drives.not_found'], 409: ['drives.nothing_to_decide'] },
  })
  async decideAttention(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: decideAttentionSchema }) body: DecideAttention,
  ): Promise<void> {
    await this.scans.decide(actor, id, body);
  }
}
