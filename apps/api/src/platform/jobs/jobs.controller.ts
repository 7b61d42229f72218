import {
  idSchema,
  type Job,
  type JobPage,
  jobPageSchema,
  jobSchema,
  type ListJobsQuery,
  listJobsQuerySchema,
} from '@homeserver/dto';
import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../access/access.decorator';
import type { Actor } from '../access/actor';
import { DeleteEndpoint, GetEndpoint } from '../http/endpoint.decorator';
import { JobsService } from './jobs.service';

@ApiTags('Jobs')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @GetEndpoint('', {
    summary: 'Work in the background, the newest first',
    description:
      'Administrators see all of it, others what they asked for. What is over is kept for a week.',
    access: 'files:read',
    response: jobPageSchema,
  })
  async listJobs(
    @CurrentActor() actor: Actor,
    @Query({ schema: listJobsQuerySchema }) query: ListJobsQuery,
  ): Promise<JobPage> {
    return this.jobs.list(actor, query);
  }

  @GetEndpoint(':id', {
    summary: 'How far a job is',
    access: 'files:read',
    response: jobSchema,
    problems: { 404: ['jobs.not_found'] },
  })
  async getJob(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<Job> {
    return this.jobs.get(actor, id);
  }

  @DeleteEndpoint(':id', {
    summary: 'Cancel a job',
    description: 'It stops soon. What it has done until then stays done, and is whole.',
    access: 'files:write',
    response: null,
    status: 204,
    problems: { 404: ['jobs.not_found'], 409: ['jobs.over', 'jobs.not_cancellable'] },
  })
  async cancelJob(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.jobs.cancel(actor, id);
  }
}
