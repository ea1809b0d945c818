/** Wire types of protocol buffers that are read here. https://protobuf.dev/programming-guides/encoding/ */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Shorter texts of ASCII letters are put together here: a call of the decoder costs more. */
const SHORT = 24;

/** Reads the fields of a protocol buffer message from its bytes, one after the other. Every way past the end throws. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Where the whole of it ends. */
  get end(): number {
    return this.#bytes.length;
  }

  /**
   * The tag of the next field before `end`: its number times eight and its wire type; 0 at the end of the message.
   * @throws RangeError when the field before went past it, and of a tag that is none
   */
  tag(end: number): number {
    if (this.#at > end) throw new RangeError('a field is longer than its message');
    if (this.#at === end) return 0;
    const tag = this.varint();
    if (tag < 8) throw new RangeError('no field has the number 0');
    return tag;
  }

  /** An unsigned number of at most 32 bits; what is beyond is dropped, as the format says. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('a number is too long');
  }

  double(): number {
    const start = this.#take(8);
    return this.#bytes.readDoubleLE(start);
  }

  /** Where the field that begins here ends: of a text, or of a message within. */
  length(): number {
    const length = this.varint();
    if (length > this.#bytes.length - this.#at) throw new RangeError('a field is longer than its message');
    return this.#at + length;
  }

  text(): string {
    const end = this.length();
    const start = this.#take(end - this.#at);
    if (end - start < SHORT) {
      let text = '';
      for (let at = start; at < end; at += 1) {
        const byte = this.#bytes[at] ?? 0;
        if (byte >= 0x80) return this.#bytes.toString('utf8', start, end);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return this.#bytes.toString('utf8', start, end);
  }

  /** A copy: what was received is not kept for it. */
  bytes(): Buffer {
    const end = this.length();
    const start = this.#take(end - this.#at);
    return Buffer.from(this.#bytes.subarray(start, end));
  }

  /** Passes over a field that nobody reads. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint();
        return;
      case FIXED64:
        this.#take(8);
        return;
      case BYTES:
        this.#at = this.length();
        return;
      case FIXED32:
        this.#take(4);
        return;
      default:
        throw new RangeError(`no field has the wire type ${tag & 7}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('the message ends within a field');
    this.#at += 1;
    return byte;
  }

  /** Goes on by so many bytes, and gives where they begin. */
  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw new RangeError('the message ends within a field');
    this.#at = start + count;
    return start;
  }
}
