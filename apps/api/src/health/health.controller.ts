import { type Health, healthSchema, type Liveness, livenessSchema } from '@homeserver/dto';
import { Controller, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CONFIG, type Config } from '../platform/config/config';
import { GetEndpoint } from '../platform/http/endpoint.decorator';
import { HealthService } from './health.service';

const UNAVAILABLE = { 503: 'The database or the default drive is away; the body is the same' };

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly health: HealthService,
  ) {}

  @GetEndpoint('live', {
    summary: 'Whether the program runs',
    access: 'public',
    response: livenessSchema,
  })
  checkLiveness(): Liveness {
    return { status: 'ok', version: this.config.version };
  }

  @GetEndpoint('ready', {
    summary: 'Whether it can do its work',
    access: 'public',
    response: healthSchema,
    otherResponses: UNAVAILABLE,
  })
  async checkReadiness(@Res({ passthrough: true }) response: Response): Promise<Health> {
    return this.answer(response);
  }

  @GetEndpoint('', {
    summary: 'The same as /health/ready',
    access: 'public',
    response: healthSchema,
    otherResponses: UNAVAILABLE,
  })
  async checkHealth(@Res({ passthrough: true }) response: Response): Promise<Health> {
    return this.answer(response);
  }

  private async answer(response: Response): Promise<Health> {
    const health = await this.health.check();
    response.status(health.status === 'ok' ? 200 : 503).setHeader('Cache-Control', 'no-store');
    return health;
  }
}
