import pc from 'picocolors';

const colours = pc.createColors(process.stderr.isTTY === true && pc.isColorSupported);

/** One line of progress on stderr; plain text where nobody watches or NO_COLOR is set. */
export function progress(text: string): void {
  process.stderr.write(`${colours.dim(text)}\n`);
}
