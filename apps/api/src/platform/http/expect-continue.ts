import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';

/** Requests whose client holds its body back until it is invited to send it. */
const waiting = new WeakSet<IncomingMessage>();

/**
 * Node would invite every body at once, also one that is refused in the next moment. Here a body is
 * invited by the one who is about to read it (RFC 9110, section 10.1.1).
 */
export function holdInvitations(server: HttpServer): void {
  server.on('checkContinue', (request, response) => {
    waiting.add(request);
    server.emit('request', request, response);
  });
}

/** Whether the client has not been invited yet to send the body that it announced. */
export function isBodyHeldBack(request: IncomingMessage): boolean {
  return waiting.has(request);
}

/** To be called right before the body is read. Sends 100 where the client waits for it. */
export function inviteBody(request: IncomingMessage, response: ServerResponse): void {
  if (waiting.delete(request)) response.writeContinue();
}
