import type { IncomingMessage } from 'node:http';

import type { SystemMetrics } from '@homeserver/dto';
import { Inject, type OnModuleInit } from '@nestjs/common';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';

import { LOGGER } from '../platform/logging/logging.module';
import { CloseCode } from '../platform/sockets/close-codes';
import { SocketAdmission } from '../platform/sockets/socket-admission';
import { type DashboardFrame, DashboardService } from './dashboard.service';
import { SamplerService } from './sampler.service';

export const METRICS_SOCKET_PATH = '/api/v1/monitoring/ws';

/** What may wait for a client beside what its system holds: some hundred frames. More means that it does not read. */
const MAXIMUM_WAITING_BYTES = 1024 * 1024;

/** RFC 6455, 7.4.1 and the readyState of the WebSocket interface. */
const OPEN = 1;

/** Whose socket it is, and the last frame that it was sent. */
interface Client {
  readonly userId: string;
  lastFrame: DashboardFrame | null;
}

/**
 * Sends every client one frame at once and one for each sample after that. What clients say is not
 * listened to.
 */
@WebSocketGateway({ path: METRICS_SOCKET_PATH })
export class MetricsGateway
  implements OnModuleInit, OnGatewayConnection<WebSocket>, OnGatewayDisconnect<WebSocket>
{
  private readonly clients = new Map<WebSocket, Client>();
  private unsubscribe: (() => void) | null = null;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly admission: SocketAdmission,
    private readonly sampler: SamplerService,
    private readonly dashboard: DashboardService,
  ) {}

  onModuleInit(): void {
    this.admission.declare(METRICS_SOCKET_PATH, { scope: 'monitoring:read' });
  }

  async handleConnection(client: WebSocket, request: IncomingMessage): Promise<void> {
    // A broken connection is closed by ws itself; unheard, the error would end the process.
    client.on('error', (error) => this.logger.debug({ err: error }, 'A metrics client broke off.'));
    const { userId } = this.admission.follow(client, request);
    this.clients.set(client, { userId, lastFrame: null });
    this.unsubscribe ??= this.sampler.subscribe((sample) => void this.sendToAll(sample));
    try {
      this.send(client, await this.dashboard.frameOf(await this.sampler.current(), userId));
    } catch (error) {
      // There is no sample yet, or no more: the client stays and gets the next one, if there is one.
      this.logger.debug({ err: error }, 'A metrics client has to wait for its first frame.');
    }
  }

  handleDisconnect(client: WebSocket): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    this.unsubscribe?.();
    this.unsubscribe = null;
  }

  private async sendToAll(sample: SystemMetrics): Promise<void> {
    await Promise.all(
      [...this.clients].map(async ([socket, { userId }]) =>
        this.send(socket, await this.dashboard.frameOf(sample, userId)),
      ),
    );
  }

  private send(socket: WebSocket, frame: DashboardFrame): void {
    const client = this.clients.get(socket);
    if (socket.readyState !== OPEN || client === undefined) return;
    // A client that came while a frame was made may be due the same one twice.
    if (client.lastFrame !== null && client.lastFrame.sequence >= frame.sequence) return;
    if (socket.bufferedAmount > MAXIMUM_WAITING_BYTES) {
      socket.close(CloseCode.tooSlow, 'This client does not read fast enough.');
      return;
    }
    client.lastFrame = frame;
    socket.send(frame.bytes, { binary: false });
  }
}
