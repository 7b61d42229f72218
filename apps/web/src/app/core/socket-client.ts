import { DestroyRef, inject, type Signal, signal } from '@angular/core';

import { SessionEnd } from './session-end';

/** `connecting` until the first try has ended; `lost` from then on whenever no connection is open. */
export type SocketState = 'connecting' | 'open' | 'lost';

/** RFC 6455, 7.4, and the contract's own codes, section Accounts. */
const CloseCode = { goingAway: 1001, sessionEnded: 4401, tooSlow: 4408 } as const;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface SocketOptions {
  /** A path of this server, such as `/api/v1/monitoring/ws`; asked for at each try. */
  readonly path: () => string;
  /** Every message, parsed as JSON; what does not parse is left out. */
  readonly onMessage: (message: unknown) => void;
  /** Each time a connection is open; `isAgain`: it is not the first try, so messages may have been missed. */
  readonly onOpen?: (isAgain: boolean) => void;
  /** Without a message for so long the connection counts as dead, whatever the browser thinks; null: never. */
  readonly silenceLimitMs?: () => number | null;
}

/**
 * One WebSocket that comes back by itself: after growing pauses with jitter, and at once when the
 * device is online again or the page is looked at again. Closes for good with the injector that it
 * was made in: also when the session has ended and the sign-in takes the place of its page.
 */
export class SocketClient {
  readonly state: Signal<SocketState>;

  private readonly currentState = signal<SocketState>('connecting');
  private readonly sessionEnd = inject(SessionEnd);
  private socket: WebSocket | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private silenceTimer: ReturnType<typeof setTimeout> | null = null;
  private lastMessageAt = 0;
  private failures = 0;
  private hasTried = false;
  private wasAccepted = false;

  /** In an injection context. */
  constructor(private readonly options: SocketOptions) {
    this.state = this.currentState.asReadonly();
    const onOnline = () => this.reviveAfterNetworkChange();
    const onVisible = () => this.reviveWhenLookedAt();
    window.addEventListener('online', onOnline);
    document.addEventListener('visibilitychange', onVisible);
    inject(DestroyRef).onDestroy(() => {
      window.removeEventListener('online', onOnline);
      document.removeEventListener('visibilitychange', onVisible);
      this.drop();
    });
    this.open();
  }

  /** Tries at once instead of after the pause. */
  retry(): void {
    if (this.currentState() === 'open' || this.socket !== null) return;
    this.open();
  }

  private open(): void {
    this.drop();
    const isAgain = this.hasTried;
    this.hasTried = true;
    const socket = new WebSocket(addressOf(this.options.path()));
    this.socket = socket;
    this.wasAccepted = false;
    this.watchSilence();
    socket.onopen = () => {
      this.wasAccepted = true;
      this.currentState.set('open');
      this.options.onOpen?.(isAgain);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.receive(event.data);
    socket.onclose = (event) => this.handleLoss(event.code);
  }

  private receive(data: unknown): void {
    this.lastMessageAt = Date.now();
    // Not when it opens: a server that takes connections and drops them again would be asked without a pause.
    this.failures = 0;
    this.watchSilence();
    const message = parse(data);
    if (message !== undefined) this.options.onMessage(message);
  }

  private handleLoss(code: number): void {
    const wasRefused = this.socket !== null && !this.wasAccepted;
    this.drop();
    this.currentState.set('lost');
    // Browsers do not tell why an upgrade was refused: it may be that nobody is signed in any more.
    if (code === CloseCode.sessionEnded || wasRefused) void this.sessionEnd.check();
    // A server that restarts or that found us too slow is there again in a moment.
    if (code === CloseCode.goingAway || code === CloseCode.tooSlow) this.failures = 0;
    this.retryTimer = setTimeout(() => this.open(), pauseAfter(this.failures));
    this.failures += 1;
  }

  /** A connection of the network before may be dead without either side knowing: it is made anew. */
  private reviveAfterNetworkChange(): void {
    this.failures = 0;
    this.open();
  }

  private reviveWhenLookedAt(): void {
    if (document.visibilityState !== 'visible') return;
    const limit = this.options.silenceLimitMs?.() ?? null;
    const isSilent = limit !== null && Date.now() - this.lastMessageAt > limit;
    if (this.currentState() === 'open' ? isSilent : this.socket === null) this.open();
  }

  private watchSilence(): void {
    if (this.silenceTimer !== null) clearTimeout(this.silenceTimer);
    const limit = this.options.silenceLimitMs?.() ?? null;
    if (limit !== null) this.silenceTimer = setTimeout(() => this.handleLoss(0), limit);
  }

  /** Forgets the socket and all timers. What the old one still says is not heard. */
  private drop(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    if (this.silenceTimer !== null) clearTimeout(this.silenceTimer);
    if (this.socket === null) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }
}

/** Doubling up to 30 s, each cut by up to a half at random, so that a household's devices do not come all at once. */
function pauseAfter(failures: number): number {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  return pause * (1 - Math.random() / 2);
}

function addressOf(path: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    const message: unknown = JSON.parse(data);
    return message;
  } catch {
    // A broken frame is worth less than the connection; the next one comes.
    return undefined;
  }
}
