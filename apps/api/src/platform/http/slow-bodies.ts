import type { Request, RequestHandler, Response } from 'express';

import { DomainError } from './domain-error';
import { isBodyHeldBack } from './expect-continue';
import { hasBody } from './json-body';
import { sendProblem } from './problem';

export interface SlowBodyLimits {
  /** What a body has to bring on average. */
  readonly bytesPerSecond: number;
  /** For how long it may bring nothing. */
  readonly graceMs: number;
  readonly lookEveryMs: number;
}

/**
 * How long a body is still waited for. Bytes add time, as much as they would take at the least rate, but
 * never beyond the grace: what came fast at first may stall for no longer than what was slow all the time.
 */
export class Patience {
  private leftMs: number;

  constructor(private readonly limits: Pick<SlowBodyLimits, 'bytesPerSecond' | 'graceMs'>) {
    this.leftMs = limits.graceMs;
  }

  /** @returns whether it is at its end */
  spend(waitedMs: number, arrivedBytes: number): boolean {
    const { bytesPerSecond, graceMs } = this.limits;
    const earnedMs = (arrivedBytes / bytesPerSecond) * 1000;
    this.leftMs = Math.min(graceMs, this.leftMs + earnedMs) - waitedMs;
    return this.leftMs <= 0;
  }
}

/** The body came too slowly: whoever sends it that way holds a connection, and a staged file, for nothing. */
class TooSlowError extends DomainError {
  constructor() {
    super(
      'http.too_slow',
      408,
      'The body of the request came too slowly, or stopped coming. Send it again over a better connection.',
    );
  }
}

interface Arriving {
  readonly request: Request;
  readonly response: Response;
  readonly patience: Patience;
  seenBytes: number;
}

/**
 * Ends requests whose body hardly comes (408). Only the time counts in which we are ready for more: a
 * client does not pay for a disk that is slow. Node's own limit would be one for the whole body, which
 * a large upload over a slow line must break.
 */
export function slowBodies(limits: SlowBodyLimits): RequestHandler {
  const bodies = new Set<Arriving>();
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = 0;

  const look = () => {
    const now = performance.now();
    // When we ourselves were late, the bytes may be there and not yet read.
    const waitedMs = Math.min(now - lookedAt, limits.lookEveryMs * 2);
    lookedAt = now;
    for (const body of bodies) {
      if (isWornOut(body, waitedMs)) {
        bodies.delete(body);
        end(body);
      }
    }
    if (bodies.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return (request, response, next) => {
    next();
    if (!hasBody(request) || request.complete || request.destroyed) return;
    const { bytesRead } = request.socket;
    const body = { request, response, patience: new Patience(limits), seenBytes: bytesRead };
    bodies.add(body);
    for (const event of ['end', 'close']) request.once(event, () => bodies.delete(body));
    if (timer !== undefined) return;
    lookedAt = performance.now();
    timer = setInterval(look, limits.lookEveryMs).unref();
  };
}

function isWornOut(body: Arriving, waitedMs: number): boolean {
  const { request, patience } = body;
  const { bytesRead } = request.socket;
  const arrivedBytes = bytesRead - body.seenBytes;
  body.seenBytes = bytesRead;
  return patience.spend(isAwaited(request) ? waitedMs : 0, arrivedBytes);
}

/** Whether somebody here reads the body, and has read all that has come. */
function isAwaited(request: Request): boolean {
  if (request.complete || isBodyHeldBack(request) || request.readableLength > 0) return false;
  // Who reads by iteration listens to `readable`, which counts as paused.
  return request.listenerCount('readable') > 0 || request.readableFlowing === true;
}

function end({ request, response }: Arriving): void {
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  response.setHeader('Connection', 'close');
  // Node no longer knows a request that was answered: whoever reads its body would wait for ever.
  request.socket.once('close', () => request.destroy());
  sendProblem(request, response, new TooSlowError());
}
