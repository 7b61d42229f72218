import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';

import { UnsupportedMediaTypeError } from './http.errors';
import { readJsonBody } from './json-body';

const BODY = 'homeserver:body';

/** Marks a route that takes a form, which it reads itself. One that is not marked takes JSON. */
export const TakesForm = () => SetMetadata<string, OwnBody>(BODY, 'form');
/** Marks a route that takes bytes as they are, or none; it looks at their type itself. */
export const TakesBytes = () => SetMetadata<string, OwnBody>(BODY, 'bytes');

type OwnBody = 'form' | 'bytes';

/**
 * Reads the body of a request for its route. By then it is known that there is such a route, and that
 * the caller may go in: nobody has to send a body for an answer that does not need it.
 */
@Injectable()
export class RequestBodyInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  /** @throws UnsupportedMediaTypeError, and what `readJsonBody` throws */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http') {
      const request = context.switchToHttp().getRequest<Request>();
      const own = this.reflector.get<OwnBody | undefined>(BODY, context.getHandler());
      if (own === 'form') requireForm(request);
      else if (own === undefined)
        request.body = await readJsonBody(request, context.switchToHttp().getResponse<Response>());
    }
    return next.handle();
  }
}

/** @throws UnsupportedMediaTypeError */
function requireForm(request: Request): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!request.is('multipart/form-data') || encoding.toLowerCase() !== 'identity') {
    throw new UnsupportedMediaTypeError(
      'An upload is a form as it is: multipart/form-data with one part named “file”.',
    );
  }
}
