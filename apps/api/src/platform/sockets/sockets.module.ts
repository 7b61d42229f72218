import { Global, Module } from '@nestjs/common';

import { SocketAdmission } from './socket-admission';

@Global()
@Module({ providers: [SocketAdmission], exports: [SocketAdmission] })
export class SocketsModule {}
