import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import path from 'node:path';

/**
 * A socket in a folder, which shows that its process lives to every process of the same machine, in
 * other containers too: the kernel refuses connections from the moment that the process ends.
 */
export class LivenessSocket {
  private constructor(
    private readonly server: Server,
    private readonly file: string,
  ) {}

  /** @returns null where the filesystem knows no sockets, or the path is too long for one */
  static async open(folder: string): Promise<LivenessSocket | null> {
    const file = path.join(folder, `homeserver-${randomBytes(6).toString('hex')}.sock`);
    const server = createServer((connection) => connection.destroy());
    server.unref();
    try {
      server.listen(file);
      await once(server, 'listening');
      return new LivenessSocket(server, file);
    } catch {
      rmSync(file, { force: true });
      return null;
    }
  }

  /** Whether a process listens on the socket of that name. */
  static async isAnswered(folder: string, name: string): Promise<boolean> {
    const connection = createConnection(path.join(folder, name));
    try {
      await once(connection, 'connect');
      return true;
    } catch {
      return false; // refused: its process is gone; absent: so is the socket
    } finally {
      connection.destroy();
    }
  }

  get name(): string {
    return path.basename(this.file);
  }

  close(): void {
    this.server.close(); // removes the file too
  }
}
