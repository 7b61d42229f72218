interface Asked<Answer> {
  readonly since: number;
  readonly answer: Promise<Answer>;
}

/**
 * Questions to disks that may never answer: a server that is gone, a drive that fails. Of each only one is under
 * way at a time, so that many who ask do not take all threads; each waits as long as they like.
 */
export class PatientQuestions<Answer> {
  private readonly underWay = new Map<string, Asked<Answer>>();

  /**
   * @param patienceMs counts from when the question was put, whoever put it
   * @returns null when there is no answer in that time
   * @throws what the question throws
   */
  async ask(
    key: string,
    question: () => Promise<Answer>,
    patienceMs: number,
  ): Promise<Answer | null> {
    const asked = this.underWay.get(key) ?? this.put(key, question);
    const leftMs = asked.since + patienceMs - performance.now();
    if (leftMs <= 0) return null;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, leftMs, null);
    });
    try {
      return await Promise.race([asked.answer, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  private put(key: string, question: () => Promise<Answer>): Asked<Answer> {
    const answer = question().finally(() => this.underWay.delete(key));
    answer.catch(() => undefined); // told to whoever still waits for it
    const asked = { since: performance.now(), answer };
    this.underWay.set(key, asked);
    return asked;
  }
}
