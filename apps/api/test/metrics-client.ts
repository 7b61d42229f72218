import { once } from 'node:events';

import { type DashboardMetrics, dashboardMetricsSchema } from '@homeserver/dto';
import { WebSocket } from 'ws';

import { METRICS_SOCKET_PATH } from '../src/monitoring/metrics.gateway';
import type { TestApp } from './test-app';

export function metricsSocketUrl(server: TestApp): string {
  return `${server.url.replace('http', 'ws')}${METRICS_SOCKET_PATH}`;
}

/** A frame, checked against the contract. */
export function parseFrame(frame: Buffer): DashboardMetrics {
  return dashboardMetricsSchema.parse(JSON.parse(frame.toString()));
}

/** A client of the metrics socket that keeps its frames until they are asked for. */
export class MetricsClient {
  private readonly frames: Buffer[] = [];
  private readonly socket: WebSocket;
  readonly closed: Promise<number>;

  constructor(server: TestApp) {
    this.socket = new WebSocket(metricsSocketUrl(server));
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(data);
      this.socket.emit('frame');
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  async next(): Promise<Buffer> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame !== undefined) return frame;
      await once(this.socket, 'frame');
    }
  }

  async say(text: string): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    this.socket.send(text);
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
