import { Global, Module } from '@nestjs/common';

import { LiveAccess } from './live-access.service';

@Global()
@Module({ providers: [LiveAccess], exports: [LiveAccess] })
export class AccessModule {}
