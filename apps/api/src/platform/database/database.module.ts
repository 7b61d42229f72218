import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { dataSourceOptions } from './data-source';
import { DatabaseProbe } from './database-probe.repository';

/** The token under which the address of the database is injected, password and all. */
export const DATABASE_URL = Symbol('DATABASE_URL');

/** The one pool of connections. Each domain adds its own entities. */
@Global()
@Module({})
export class DatabaseModule {
  static of(url: string): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(url, []),
          autoLoadEntities: true,
          retryAttempts: 0,
        }),
      ],
      providers: [{ provide: DATABASE_URL, useValue: url }, DatabaseProbe],
      exports: [DATABASE_URL, DatabaseProbe],
    };
  }
}
