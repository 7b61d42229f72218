/** What the parser takes for the header of one part, at most. */
const HEADER_BYTES = 16 * 1024;
const REPLACEMENT = '\ufffd';

/** A control character in the name of a file, as it stands raw in the header of its part. */
const NAME_WITH_CONTROL =
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  /content-disposition:[^\r\n]*filename="[^"\r\n]*[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/i;
/** U+FFFD in the extended form of a name, RFC 8187. */
const EXTENDED_REPLACEMENT = /%ef%bf%bd/i;

/**
 * The bytes that the parser of the form is working on. It does not tell a name that cannot be one from a
 * header that is none, and it makes U+FFFD of what is not UTF-8: the bytes themselves know better.
 */
export class ArrivingBytes {
  private before: Buffer = Buffer.alloc(0);
  private last: Buffer = Buffer.alloc(0);

  /** To be called with each chunk before the parser gets it. Large ones are not copied. */
  add(chunk: Buffer): void {
    this.before =
      this.last.length < HEADER_BYTES ? Buffer.concat([this.before, this.last]) : this.last;
    this.before = this.before.subarray(-HEADER_BYTES);
    this.last = chunk;
  }

  /** Whether a header that the parser refused has a control character in the name of its file. */
  hasNameWithControl(): boolean {
    return NAME_WITH_CONTROL.test(this.bytes().toString('latin1'));
  }

  /** Whether a name came in these very bytes, so that each U+FFFD of it was sent and not made here. */
  hasSent(name: string): boolean {
    if (!name.includes(REPLACEMENT)) return true;
    const bytes = this.bytes();
    // The parts between what forms escape: `"`, line breaks and the backslash.
    const parts = name.split(/["\r\n\\]/).filter((part) => part.includes(REPLACEMENT));
    return (
      parts.every((part) => bytes.includes(part)) ||
      EXTENDED_REPLACEMENT.test(bytes.toString('latin1'))
    );
  }

  private bytes(): Buffer {
    return Buffer.concat([this.before, this.last]);
  }
}
