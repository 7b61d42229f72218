import { Module } from '@nestjs/common';

import { ApiDocumentsController } from './api-documents.controller';

@Module({ controllers: [ApiDocumentsController] })
export class ApiDocumentsModule {}
