import {
  type RunningUpload,
  type UploadProgress,
  type UploadRequest,
  type UploadResult,
  UploadTransport,
} from '../uploads/upload-transport';

export interface Sent {
  readonly request: UploadRequest;
  readonly progress: UploadProgress;
  readonly finish: (result: UploadResult) => Promise<void>;
}

/** Uploads that end when the test says so, for tests. */
export class StillTransport extends UploadTransport {
  readonly sent: Sent[] = [];
  readonly discarded: string[] = [];
  stopCount = 0;
  reach: () => void = () => undefined;

  override send(request: UploadRequest, progress: UploadProgress): RunningUpload {
    let settle: (result: UploadResult) => void = () => undefined;
    const result = new Promise<UploadResult>((resolve) => {
      settle = resolve;
    });
    const finish = async (outcome: UploadResult) => {
      settle(outcome);
      await settled();
    };
    this.sent.push({ request, progress, finish });
    const stop = () => {
      this.stopCount += 1;
      settle({ kind: 'stopped' });
    };
    return { result, stop };
  }

  override discard(url: string): Promise<void> {
    this.discarded.push(url);
    return Promise.resolve();
  }

  override untilReachable(): Promise<void> {
    return new Promise((resolve) => {
      this.reach = resolve;
    });
  }

  names(): string[] {
    return this.sent.map(({ request }) => request.file.name);
  }

  at(index: number): Sent {
    const sent = this.sent[index];
    if (sent === undefined) throw new Error(`No upload ${index} was sent.`);
    return sent;
  }

  store(index: number): Promise<void> {
    return this.at(index).finish({ kind: 'stored', id: this.at(index).request.file.name });
  }
}

/** The queue goes on in turns after an answer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
