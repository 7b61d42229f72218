import { Injectable } from '@angular/core';

const CHANNEL = 'homeserver.uploads';
/** Tabs of one browser answer within a few milliseconds, unless they are frozen. */
const ANSWER_WITHIN_MS = 400;

/** Which other tabs of this browser are at work on uploads. Web Locks would need a secure context. */
@Injectable({ providedIn: 'root' })
export class OtherTabs {
  private readonly channel =
    'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : null;

  /** Answers from now on when others ask. */
  answerAs(tabId: string): void {
    this.channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data === 'who') this.channel?.postMessage(tabId);
    });
  }

  /** @returns the ids of those that answer */
  async find(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const { channel } = this;
    if (channel === null) return found;
    const hear = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && data !== 'who') found.add(data);
    };
    channel.addEventListener('message', hear);
    channel.postMessage('who');
    await new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS));
    channel.removeEventListener('message', hear);
    return found;
  }
}
