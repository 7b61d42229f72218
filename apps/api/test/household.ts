import { createHash } from 'node:crypto';

import { type FileMetadata, fileMetadataSchema } from '@homeserver/dto';

import { Dice } from './dice';
import { uploadForm } from './files-client';
import { encodeMetadata, PART_TYPE } from './tus-client';

/** One thing that the server has acknowledged, and what it said of it last. */
export interface Promised {
  readonly id: string;
  readonly kind: 'file' | 'folder';
  state: 'kept' | 'trashed' | 'gone';
  said: FileMetadata;
  parent: Promised | null;
  /** The hashes of all contents that it was acknowledged to have, one after the other; none of a folder. */
  readonly contents: string[];
  /** The answer to its last change was lost: either state is right. */
  isUncertain: boolean;
}

/** An upload by pieces, as far as it was acknowledged. */
export interface PromisedUpload {
  readonly path: string;
  readonly content: Buffer;
  offset: number;
}

/** Where the server is reached, and by whom. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

const PIECE = 300_000;
/** So many small files are uploaded at the same time. */
const BURST = 6;
const TUS = { 'Tus-Resumable': '1.0.0' };

/**
 * A household that works on a server until that is gone, and writes down what it was told: what was
 * acknowledged must be there after every crash. All that it does follows from a seed.
 */
export class Household {
  readonly promised: Promised[] = [];
  readonly uploads: PromisedUpload[] = [];
  /** The hashes of all contents that were ever sent. */
  readonly sent = new Set<string>();
  /** Answers that nobody expects of a server that is well. */
  readonly refusals: string[] = [];

  private isAway = false;
  private answers = 0;
  private readonly waiting = new Set<{ count: number; go: () => void }>();
  private address: Address = { url: '', token: '' };

  /** @param address of the server from now on */
  moveTo(address: Address): void {
    this.address = address;
    this.isAway = false;
  }

  /** From now on answers that fail are no surprise. */
  expectFailures(): void {
    this.isAway = true;
  }

  /** Resolves when so many more calls were answered. */
  async answered(more: number): Promise<void> {
    await new Promise<void>((go) => this.waiting.add({ count: this.answers + more, go }));
  }

  /** Works until the server does not answer any more. */
  async work(worker: number, seed: number): Promise<void> {
    const dice = new Dice(`${seed}/${worker}`);
    const mine: Promised[] = [];
    for (;;) {
      const isThere = await this.doOne(mine, dice);
      if (!isThere) return;
    }
  }

  /** What the answers that were lost have done, is as it is: it is not asked about any more. */
  settle(): void {
    this.refusals.splice(0);
    const certain = this.promised.filter((one) => !isDoubtful(one));
    this.promised.splice(0, this.promised.length, ...certain);
  }

  private async doOne(mine: Promised[], dice: Dice): Promise<boolean> {
    const folders = mine.filter((one) => one.kind === 'folder' && isListed(one));
    const place = dice.next() < 0.5 ? null : (dice.pick(folders) ?? null);
    const turn = dice.next();
    if (turn < 0.35) return this.upload(mine, place, dice);
    if (turn < 0.5) return this.uploadByPieces(mine, place, dice);
    if (turn < 0.56) return this.makeFolder(mine, place, dice);
    return this.changeOne(mine, place, dice);
  }

  private async changeOne(mine: Promised[], place: Promised | null, dice: Dice): Promise<boolean> {
    const trashed = dice.pick(mine.filter(mayComeBack));
    if (trashed !== undefined && dice.next() < 0.4) return this.restore(trashed);
    const one = dice.pick(mine.filter(isListed));
    if (one === undefined) return true;
    if (one.kind === 'file' && dice.next() < 0.3) return this.replace(one, dice);
    const turn = dice.next();
    if (turn < 0.35) return this.patch(one, { filename: `renamed ${dice.name()}` });
    if (turn < 0.6) return isWithin(place, one) ? true : this.moveInto(one, place, dice.name());
    if (turn < 0.9) return this.remove(one, 'trashed');
    return this.remove(one, 'gone');
  }

  /** Sometimes many small ones at the same time, which the server takes together. */
  private async upload(mine: Promised[], place: Promised | null, dice: Dice): Promise<boolean> {
    const isBurst = dice.next() < 0.2;
    const forms = Array.from({ length: isBurst ? BURST : 1 }, () => {
      const content = dice.bytes(!isBurst && dice.next() < 0.15 ? 2_000_000 : 20_000);
      this.sent.add(hashOf(content));
      return { name: `${Math.floor(dice.next() * 3)}.bin`, content };
    });
    const folder = place === null ? '' : `?folderId=${place.id}`;
    const said = await Promise.all(
      forms.map(async (form) =>
        this.fileOf('POST', `/api/v1/files/upload${folder}`, { body: uploadForm(form) }),
      ),
    );
    // All are noted before it is asked whether one was lost.
    return said.map((one) => this.note(mine, one, place)).every(Boolean);
  }

  private async uploadByPieces(
    mine: Promised[],
    place: Promised | null,
    dice: Dice,
  ): Promise<boolean> {
    const content = dice.bytes(Math.ceil(dice.next() * 4 * PIECE));
    this.sent.add(hashOf(content));
    const made = await this.send('POST', '/api/v1/uploads', {
      headers: {
        ...TUS,
        'Upload-Length': String(content.length),
        'Upload-Metadata': encodeMetadata({
          filename: `pieces ${dice.name()}`,
          ...(place === null ? {} : { folderId: place.id }),
        }),
      },
    });
    const path = made?.headers.get('location') ?? null;
    if (path === null) return false;
    const upload: PromisedUpload = { path, content, offset: 0 };
    this.uploads.push(upload);
    return this.note(mine, await this.finish(upload), place);
  }

  /** Sends what is missing of an upload. @returns its file; null when that was not acknowledged */
  async finish(upload: PromisedUpload): Promise<FileMetadata | null> {
    const known = await this.send('HEAD', upload.path, { headers: TUS });
    if (known === null) return null;
    const offset = Number(known.headers.get('upload-offset'));
    if (offset < upload.offset) throw new Error(`${offset} of ${upload.offset} acknowledged bytes`);
    upload.offset = offset;
    let fileId = known.headers.get('homeserver-file-id');
    while (upload.offset < upload.content.length) {
      const answer = await this.sendPiece(upload);
      if (answer === null) return null;
      fileId = answer.headers.get('homeserver-file-id');
    }
    const said = await this.fileOf('GET', `/api/v1/files/${fileId}/metadata`);
    if (said !== null) this.uploads.splice(this.uploads.indexOf(upload), 1);
    return said;
  }

  /** Sends the next piece, and keeps the offset that is acknowledged. @returns null when none was */
  private async sendPiece(upload: PromisedUpload): Promise<Response | null> {
    const body = upload.content.subarray(upload.offset, upload.offset + PIECE);
    const answer = await this.send('PATCH', upload.path, {
      headers: {
        ...TUS,
        'Content-Type': PART_TYPE,
        'Upload-Offset': String(upload.offset),
      },
      body: new Uint8Array(body),
    });
    if (answer !== null) upload.offset = Number(answer.headers.get('upload-offset'));
    return answer;
  }

  private async makeFolder(mine: Promised[], place: Promised | null, dice: Dice): Promise<boolean> {
    const said = await this.fileOf('POST', '/api/v1/files/folders', {
      json: { filename: `folder ${dice.name()}`, parentId: place?.id ?? null },
    });
    return this.note(mine, said, place);
  }

  private async replace(one: Promised, dice: Dice): Promise<boolean> {
    const content = dice.bytes(dice.next() < 0.15 ? 2_000_000 : 20_000);
    this.sent.add(hashOf(content));
    const folder = one.parent === null ? '' : `?folderId=${one.parent.id}`;
    return this.change(one, async () => {
      const said = await this.fileOf('POST', `/api/v1/files/upload${folder}`, {
        body: uploadForm({ name: one.said.filename, content, conflict: 'version' }),
      });
      if (said === null) return false;
      if (said.id !== one.id) this.refusals.push(`${one.said.storagePath} was not replaced`);
      one.said = said;
      one.contents.push(hashOf(content));
      return true;
    });
  }

  private async moveInto(one: Promised, place: Promised | null, name: string): Promise<boolean> {
    const change = { parentId: place?.id ?? null, filename: `moved ${name}` };
    const isDone = await this.patch(one, change);
    if (isDone) one.parent = place;
    return isDone;
  }

  private async patch(one: Promised, json: object): Promise<boolean> {
    return this.change(one, async () => {
      const said = await this.fileOf('PATCH', `/api/v1/files/${one.id}`, { json });
      if (said !== null) one.said = said;
      return said !== null;
    });
  }

  private async remove(one: Promised, state: 'trashed' | 'gone'): Promise<boolean> {
    return this.change(one, async () => {
      const query = state === 'gone' ? '?permanent=1' : '';
      const answer = await this.send('DELETE', `/api/v1/files/${one.id}${query}`);
      if (answer !== null) one.state = state;
      return answer !== null;
    });
  }

  private async restore(one: Promised): Promise<boolean> {
    return this.change(one, async () => {
      const said = await this.fileOf('POST', `/api/v1/trash/${one.id}/restore`);
      if (said === null) return false;
      one.state = 'kept';
      one.said = said;
      return true;
    });
  }

  private async change(one: Promised, act: () => Promise<boolean>): Promise<boolean> {
    one.isUncertain = true;
    const isDone = await act();
    if (isDone) one.isUncertain = false;
    return isDone;
  }

  private note(mine: Promised[], said: FileMetadata | null, parent: Promised | null): boolean {
    if (said === null) return false;
    const kind = said.kind === 'folder' ? 'folder' : 'file';
    const one: Promised = {
      id: said.id,
      kind,
      state: 'kept',
      said,
      parent,
      contents: said.sha256 === null ? [] : [said.sha256],
      isUncertain: false,
    };
    mine.push(one);
    this.promised.push(one);
    return true;
  }

  private async fileOf(
    method: string,
    path: string,
    options: { body?: FormData; json?: object } = {},
  ): Promise<FileMetadata | null> {
    const answer = await this.send(method, path, {
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.json === undefined
        ? {}
        : {
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(options.json),
          }),
    });
    if (answer === null) return null;
    return answer
      .json()
      .then((body) => fileMetadataSchema.parse(body))
      .catch(() => null); // it was killed while it answered
  }

  /** @returns null when nothing was promised: it was killed before it answered, or it refused */
  private async send(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: BodyInit } = {},
  ): Promise<Response | null> {
    const answer = await fetch(this.address.url + path, {
      method,
      headers: { ...headers, Authorization: `Bearer ${this.address.token}` },
      ...(body === undefined ? {} : { body }),
    }).catch(() => null);
    if (answer === null) return null;
    this.answers += 1;
    for (const one of this.waiting) if (one.count === this.answers) one.go();
    if (answer.ok) return answer;
    const text = await answer.text().catch(() => '');
    if (!this.isAway) this.refusals.push(`${method} ${path}: ${answer.status} ${text}`);
    return null;
  }
}

/** In nobody's trash, and neither is a folder that it is in. */
export function isListed(one: Promised): boolean {
  return one.state === 'kept' && (one.parent === null || isListed(one.parent));
}

/** What became of it, or of a folder that it is in, is not known. */
export function isDoubtful(one: Promised): boolean {
  return one.isUncertain || (one.parent !== null && isDoubtful(one.parent));
}

export function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function mayComeBack(one: Promised): boolean {
  return one.state === 'trashed' && (one.parent === null || isListed(one.parent));
}

function isWithin(place: Promised | null, one: Promised): boolean {
  return place !== null && (place === one || isWithin(place.parent, one));
}
