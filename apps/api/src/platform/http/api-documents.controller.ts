import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Public } from '../access/access.decorator';
import { CONFIG, type Config } from '../config/config';
import { createAsyncApiDocument } from './asyncapi';
import { createAsyncApiPage } from './asyncapi-page/asyncapi-page';
import { PAGE_STYLE } from './asyncapi-page/page-style';

/** The page runs nothing, and takes its stylesheet and its icon from here alone. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The document of the sockets, for programs and for people. Like the one of the REST calls it does not describe itself. */
@ApiExcludeController()
@Controller('docs')
export class ApiDocumentsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get('asyncapi.json')
  @Public()
  readAsyncApiDocument(): object {
    return createAsyncApiDocument(this.config.version);
  }

  @Get('events')
  @Public()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', PAGE_POLICY)
  readAsyncApiPage(): string {
    return createAsyncApiPage(createAsyncApiDocument(this.config.version));
  }

  @Get('events.css')
  @Public()
  @Header('Content-Type', 'text/css; charset=utf-8')
  readPageStyle(): string {
    return PAGE_STYLE;
  }
}
