import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';

import { AppModule } from './app.module';
import type { Config } from './platform/config/config';
import { createAsyncApiDocument } from './platform/http/asyncapi';
import { createOpenApiDocument } from './platform/http/documents';

/** The documents of the API, made from what the routes declare: nothing is started for it, and no database asked. */
export async function createDocuments(
  config: Config,
): Promise<{ openApi: unknown; asyncApi: unknown }> {
  const module = AppModule.of(
    config,
    'postgres://nobody@localhost/nothing',
    pino({ level: 'silent' }),
  );
  const app = await NestFactory.create(module, {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return {
    openApi: createOpenApiDocument(app, config.version),
    asyncApi: createAsyncApiDocument(config.version),
  };
}
