import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { dataSourceOptions } from './data-source';
import { DatabaseHeartbeat } from './database-heartbeat.service';
import { DatabaseNotifications } from './database-notifications';
import { DatabaseProbe } from './database-probe.repository';
import { DatabaseSockets } from './database-sockets';
import { DATABASE_URL } from './database-url';
import { NamedStatements } from './named-statements';

/** The one pool of connections. Each domain adds its own entities. */
@Global()
@Module({})
export class DatabaseModule {
  static of(url: string): DynamicModule {
    const sockets = new DatabaseSockets();
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(url, [], sockets),
          autoLoadEntities: true,
          retryAttempts: 0,
        }),
      ],
      providers: [
        { provide: DATABASE_URL, useValue: url },
        { provide: DatabaseSockets, useValue: sockets },
        DatabaseHeartbeat,
        DatabaseProbe,
        DatabaseNotifications,
        NamedStatements,
      ],
      exports: [DATABASE_URL, DatabaseProbe, DatabaseNotifications, NamedStatements],
    };
  }
}
