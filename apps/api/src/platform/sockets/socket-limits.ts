import { DomainError } from '../http/domain-error';

/** How much of the server sockets may take. */
export interface SocketLimits {
  /** Open ones in all. */
  readonly inAll: number;
  /** Open ones of one client address; all of a household may come through one proxy that we do not know of. */
  readonly perClient: number;
  /** What a client may say on one socket: ours only send, and nobody listens. */
  readonly messagesPerMinute: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  inAll: 4096,
  perClient: 2048,
  messagesPerMinute: 120,
};

const RETRY_AFTER_SECONDS = 60;

/** Counts the sockets that are open, or about to be. */
export class SocketCount {
  private inAll = 0;
  private readonly perClient = new Map<string, number>();

  constructor(private readonly limits: Pick<SocketLimits, 'inAll' | 'perClient'>) {}

  /**
   * @param address of the client
   * @returns to be called once, when the connection has ended
   * @throws DomainError `sockets.full` (503), `sockets.too_many` (429)
   */
  take(address: string): () => void {
    const own = this.perClient.get(address) ?? 0;
    if (own >= this.limits.perClient) {
      throw new DomainError(
        'sockets.too_many',
        429,
        'Too many sockets are open from this address. Close some of them, and try again in a while.',
        { retryAfterSeconds: RETRY_AFTER_SECONDS },
      );
    }
    if (this.inAll >= this.limits.inAll) {
      throw new DomainError(
        'sockets.full',
        503,
        'As many sockets are open as HomeServer can serve. Try again in a while.',
        { retryAfterSeconds: RETRY_AFTER_SECONDS },
      );
    }
    this.inAll++;
    this.perClient.set(address, own + 1);
    return () => this.giveBack(address);
  }

  private giveBack(address: string): void {
    this.inAll--;
    const left = (this.perClient.get(address) ?? 1) - 1;
    if (left === 0) this.perClient.delete(address);
    else this.perClient.set(address, left);
  }
}
