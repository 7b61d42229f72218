import type { Scope } from '@homeserver/dto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../logging/logging.module';
import type { Actor, Credential } from './actor';
import { Authentication } from './authentication';

/** A session that ends takes its sockets and uploads with it within this time, whichever process ended it. */
const LOOK_EVERY_MS = 2000;

interface Held {
  readonly credential: Credential;
  /** The scope that is needed as long as it goes on; null where only the credential matters. */
  readonly scope: Scope | null;
  readonly end: () => void;
}

/**
 * Knows what goes on by which session or token, and ends it when that has ended: signed out, expired,
 * deleted, its user disabled or without the right. One question to the database every two seconds, and
 * none while nothing goes on for that long.
 */
@Injectable()
export class LiveAccess implements OnApplicationShutdown {
  private readonly held = new Set<Held>();
  private timer: NodeJS.Timeout | null = null;
  private isLooking = false;

  constructor(
    private readonly authentication: Authentication,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationShutdown(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.held.clear();
  }

  /**
   * Calls `end` when the actor's credential ends, or no longer has the scope.
   * @returns what to call when it is over by itself
   */
  hold(actor: Actor, scope: Scope | null, end: () => void): () => void {
    const held = { credential: actor.credential, scope, end };
    this.held.add(held);
    this.planLook();
    return () => this.held.delete(held);
  }

  private planLook(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.look();
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** Ends what no longer may go on. */
  async look(): Promise<void> {
    if (this.held.size === 0 || this.isLooking) return;
    this.isLooking = true;
    try {
      const looked = [...this.held];
      const credentials = new Map(
        looked.map(({ credential }) => [keyOf(credential), credential] as const),
      );
      const actors = await this.authentication.findActors([...credentials.values()]);
      const scopes = new Map(actors.map((actor) => [keyOf(actor.credential), actor.scopes]));
      for (const held of looked) {
        const present = scopes.get(keyOf(held.credential));
        if (present === undefined || (held.scope !== null && !present.includes(held.scope)))
          this.end(held);
      }
    } catch (error) {
      this.logger.debug({ err: error }, 'Whose session has ended cannot be told at the moment.');
    } finally {
      this.isLooking = false;
      if (this.held.size > 0) this.planLook();
    }
  }

  private end(held: Held): void {
    if (this.held.delete(held)) held.end();
  }
}

function keyOf({ kind, id }: Credential): string {
  return `${kind}:${id}`;
}
