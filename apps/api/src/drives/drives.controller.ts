import { type DrivePage, drivePageSchema } from '@homeserver/dto';
import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { GetEndpoint } from '../platform/http/endpoint.decorator';
import { DrivesService } from './drives.service';

@ApiTags('Drives')
@Controller('api/v1/drives')
export class DrivesController {
  constructor(private readonly drives: DrivesService) {}

  @GetEndpoint('', {
    summary: 'The drives that you may see, the default one first',
    access: 'files:read',
    response: drivePageSchema,
  })
  async listDrives(): Promise<DrivePage> {
    const items = await this.drives.describe();
    return { items, nextCursor: null, total: items.length };
  }
}
