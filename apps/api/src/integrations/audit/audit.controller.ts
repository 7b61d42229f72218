import {
  type AuditPage,
  auditPageSchema,
  type ListAuditQuery,
  listAuditQuerySchema,
} from '@homeserver/dto';
import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { AuditService } from './audit.service';

@ApiTags('Audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @GetEndpoint('', {
    summary: 'Who did what, when and from where, the newest first',
    description: 'Of files only what lies on drives that you may see. Kept for 90 days.',
    access: 'admin',
    response: auditPageSchema,
  })
  async listAudit(
    @CurrentActor() actor: Actor,
    @Query({ schema: listAuditQuerySchema }) query: ListAuditQuery,
  ): Promise<AuditPage> {
    return this.audit.list(actor, query);
  }
}
