import { Socket } from 'node:net';

/** The connections to the database that are open, so that those which hang can be cut. */
export class DatabaseSockets {
  private readonly open = new Set<Socket>();

  /** Makes the socket of a connection: what `pg` takes as `stream`. */
  readonly make = (): Socket => {
    const socket = new Socket();
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** Ends every connection: whatever waits for an answer fails at once. */
  cut(): void {
    for (const socket of this.open) socket.destroy();
  }
}
