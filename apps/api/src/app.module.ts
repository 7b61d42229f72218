import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import type { Logger } from 'pino';

import { AccountsModule } from './accounts';
import { DrivesModule } from './drives';
import { FilesModule } from './files';
import { HealthModule } from './health';
import { IntegrationsModule } from './integrations';
import { MonitoringModule } from './monitoring';
import { AccessModule } from './platform/access/access.module';
import { AccessGuard } from './platform/access/access.guard';
import type { Config } from './platform/config/config';
import { ConfigModule } from './platform/config/config.module';
import { DatabaseModule } from './platform/database/database.module';
import { EventsModule } from './platform/events/events.module';
import { ApiDocumentsModule } from './platform/http/api-documents.module';
import { InputValidationPipe } from './platform/http/input-validation.pipe';
import { ProblemFilter } from './platform/http/problem.filter';
import { RequestBodyInterceptor } from './platform/http/request-body.interceptor';
import { JobsModule } from './platform/jobs/jobs.module';
import { LoggingModule } from './platform/logging/logging.module';
import { SocketsModule } from './platform/sockets/sockets.module';

const DOMAINS = [
  AccountsModule,
  DrivesModule,
  FilesModule,
  MonitoringModule,
  IntegrationsModule,
  HealthModule,
];

/** The list of domains, and what holds for every route. */
@Module({})
export class AppModule {
  static of(config: Config, databaseUrl: string, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        LoggingModule.of(logger),
        DatabaseModule.of(databaseUrl),
        AccessModule,
        EventsModule,
        JobsModule,
        SocketsModule,
        ApiDocumentsModule,
        ...DOMAINS,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: InputValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: RequestBodyInterceptor },
        {
          provide: APP_INTERCEPTOR,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new StandardSchemaSerializerInterceptor(reflector),
        },
      ],
    };
  }
}
