import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What has come on one connection. */
export interface Conversation {
  readonly socket: Socket;
  readonly command: string;
  /** Of the stream, so far. */
  readonly bytes: Buffer;
  /** Whether the stream has come to its end. */
  readonly isWhole: boolean;
}

type Behaviour = (conversation: Conversation) => unknown;

/** Something at a port that answers as a test wants it. It is asked after each piece that comes. */
export class FakeClamd {
  /** PING is answered as clamd does, unless a test wants something else. */
  answersPing = true;
  readonly commands: string[] = [];

  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    public behave: Behaviour,
  ) {}

  static async start(behave: Behaviour): Promise<FakeClamd> {
    const server = createServer();
    const fake = new FakeClamd(server, behave);
    server.on('connection', (socket) => fake.converse(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get address(): { host: string; port: number } {
    const address: AddressInfo | string | null = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return { host: '127.0.0.1', port: address.port };
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private converse(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    let come = Buffer.alloc(0);
    let isKnown = false;
    socket.on('data', (piece) => {
      come = Buffer.concat([come, piece]);
      const end = come.indexOf(0);
      if (end === -1) return;
      const command = come.toString('latin1', 1, end);
      if (!isKnown) this.commands.push(command);
      isKnown = true;
      if (command === 'PING' && this.answersPing) socket.end('PONG\0');
      else this.behave({ socket, command, ...streamOf(come.subarray(end + 1)) });
    });
  }
}

function streamOf(framed: Buffer): { bytes: Buffer; isWhole: boolean } {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= framed.length;) {
    const length = framed.readUInt32BE(at);
    if (length === 0) return { bytes: Buffer.concat(parts), isWhole: true };
    parts.push(framed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { bytes: Buffer.concat(parts), isWhole: false };
}
