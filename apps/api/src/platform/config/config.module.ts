import { type DynamicModule, Global, Module } from '@nestjs/common';

import { ProxyTrust } from '../http/proxy-trust';
import { CONFIG, type Config } from './config';
import { InstanceIdentity } from './instance-identity.adapter';

@Global()
@Module({})
export class ConfigModule {
  static of(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: CONFIG, useValue: config }, InstanceIdentity, ProxyTrust],
      exports: [CONFIG, InstanceIdentity, ProxyTrust],
    };
  }
}
