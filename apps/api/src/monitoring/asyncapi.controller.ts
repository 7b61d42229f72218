import { Controller, Get, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Public } from '../platform/access/access.decorator';
import { CONFIG, type Config } from '../platform/config/config';
import { createAsyncApiDocument } from '../platform/http/asyncapi';

/** The document of the sockets. Like the one of the REST calls it does not describe itself. */
@ApiExcludeController()
@Controller('docs')
export class AsyncApiController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get('asyncapi.json')
  @Public()
  readAsyncApiDocument(): object {
    return createAsyncApiDocument(this.config.version);
  }
}
