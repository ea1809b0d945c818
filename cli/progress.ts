import { isatty } from 'node:tty';
import pc from 'picocolors';

const colours = pc.createColors(isatty(2) && pc.isColorSupported);

/** One line of progress on stderr; plain text where nobody watches or NO_COLOR is set. */
export function progress(text: string): void {
  process.stderr.write(`${colours.dim(text)}\n`);
}
