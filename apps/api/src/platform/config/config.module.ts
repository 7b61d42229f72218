import { type DynamicModule, Global, Module } from '@nestjs/common';

import { CONFIG, type Config } from './config';
import { InstanceIdentity } from './instance-identity.adapter';

@Global()
@Module({})
export class ConfigModule {
  static of(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: CONFIG, useValue: config }, InstanceIdentity],
      exports: [CONFIG, InstanceIdentity],
    };
  }
}
