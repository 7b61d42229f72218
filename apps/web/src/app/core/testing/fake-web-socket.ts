/** Stands in for the browser's WebSocket in tests, which open, answer and close it themselves. */
export class FakeWebSocket {
  /** Every one that was made since `install()`, oldest first. */
  static made: FakeWebSocket[] = [];

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosedByUs = false;

  constructor(readonly url: string) {
    FakeWebSocket.made.push(this);
  }

  /** @returns what puts the browser's own back */
  static install(): () => void {
    const original = globalThis.WebSocket;
    FakeWebSocket.made = [];
    Object.assign(globalThis, { WebSocket: FakeWebSocket });
    return () => Object.assign(globalThis, { WebSocket: original });
  }

  /** The newest whose address has a part in it. */
  static newest(part = ''): FakeWebSocket {
    const socket = FakeWebSocket.made.filter((candidate) => candidate.url.includes(part)).at(-1);
    if (socket === undefined) throw new Error('No socket was opened.');
    return socket;
  }

  close(): void {
    this.isClosedByUs = true;
  }

  acceptConnection(): void {
    this.onopen?.();
  }

  sendMessage(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  loseConnection(code = 1006): void {
    this.onclose?.({ code });
  }
}
