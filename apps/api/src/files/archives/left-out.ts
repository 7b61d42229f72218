/** Of many thousands the first ones say what is wrong. */
const NAMED = 1000;

/** The list in an archive of what is not in it. */
export class LeftOut {
  readonly name = '_what is missing.txt';
  private readonly lines: string[] = [];
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  add(path: string, reason: string): void {
    this.count += 1;
    if (this.lines.length < NAMED) this.lines.push(`${path}\n    ${reason}`);
  }

  /** UTF-8 with lines as every system shows them. */
  toBytes(): Buffer {
    const more = this.count - this.lines.length;
    const text = [
      'These are not in this archive, or not as they should be:',
      ...this.lines,
      ...(more > 0 ? [`… and ${more} more.`] : []),
      '',
    ].join('\n\n');
    return Buffer.from(`\ufeff${text}`.replaceAll('\n', '\r\n'));
  }
}
