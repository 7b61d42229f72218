import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { ScannerAddress } from '../../platform/config/virus-scanner.config';

/** An answer is one line; what goes on and on is none. */
const LONGEST_REPLY = 4096;
const END_OF_STREAM = Buffer.alloc(4);

/** Without a sign of life for this long the other side counts as frozen. */
export interface ClamdPatience {
  readonly silenceMs: number;
  /** For the verdict as a whole, while clamd is alive. */
  readonly verdictMs: number;
}

/** One connection to clamd, for one command. Its errors are told by the promises that it gave. */
export class ClamdConnection {
  /** Comes at any time: clamd may refuse in the middle of what it is sent. Rejects when the connection ends before. */
  readonly reply: Promise<string>;

  private readonly socket: Socket;

  constructor(
    address: ScannerAddress,
    private readonly silenceMs: number,
  ) {
    this.socket = connect(address);
    this.reply = this.readReply();
    // It is asked for late, or never.
    this.reply.catch(() => undefined);
  }

  command(name: 'INSTREAM' | 'PING'): Promise<void> {
    return this.write([Buffer.from(`z${name}\0`)]);
  }

  chunk(bytes: Buffer): Promise<void> {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return this.write([length, bytes]);
  }

  end(): Promise<void> {
    return this.write([END_OF_STREAM]);
  }

  /** Whether the other side, or an error, has ended it. */
  get isOver(): boolean {
    return this.socket.destroyed;
  }

  close(): void {
    this.socket.destroy();
  }

  /** Resolves when the other side has taken it: its buffer is the only one. */
  private async write(parts: readonly Buffer[]): Promise<void> {
    await within(
      new Promise<void>((resolve, reject) => {
        const refuse = () => reject(new Error('clamd ended the connection'));
        this.socket.once('close', refuse);
        this.socket.cork();
        for (const [index, part] of parts.entries())
          this.socket.write(part, (error) => {
            if (index < parts.length - 1) return;
            this.socket.off('close', refuse);
            if (error) reject(error);
            else resolve();
          });
        this.socket.uncork();
      }),
      this.silenceMs,
    );
  }

  private async readReply(): Promise<string> {
    let text = '';
    this.socket.setEncoding('utf8');
    // Errors are followed by a close, with the answer that came before them kept.
    let failure: unknown;
    this.socket.on('error', (error) => (failure = error));
    const closed = once(this.socket, 'close');
    const told = new Promise<string>((resolve) => {
      this.socket.on('data', (piece: string) => {
        text += piece;
        const end = text.indexOf('\0');
        if (end !== -1) resolve(text.slice(0, end));
        else if (text.length > LONGEST_REPLY) this.socket.destroy();
      });
    });
    const cut = closed.then(() => {
      throw new Error('clamd ended the connection without an answer', { cause: failure });
    });
    return Promise.race([told, cut]);
  }
}

/** @throws Error when it takes longer */
export async function within<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`clamd was silent for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
