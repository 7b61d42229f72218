import { Global, Module } from '@nestjs/common';

import { LiveAccess } from './live-access.service';
import { RequestAdmission } from './request-admission.service';

@Global()
@Module({
  providers: [LiveAccess, RequestAdmission],
  exports: [LiveAccess, RequestAdmission],
})
export class AccessModule {}
