import { printable } from '../config/text.ts';

/** Invalid input or findings: sentences for the person, exit code 1. */
export class UserError extends Error {
  readonly sentences: readonly string[];
  readonly exitCode: number = 1;

  constructor(sentences: readonly string[], options?: ErrorOptions) {
    super(sentences.join('\n'), options);
    this.name = 'UserError';
    this.sentences = sentences;
  }
}

/** What a command was asked cannot be told: exit code 2, so that nobody takes it for an answer. */
export class NoAnswer extends UserError {
  override readonly exitCode = 2;
}

/** What `ask` gives; its failure becomes a `NoAnswer` with the same sentences. */
export function answerOf<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw new NoAnswer(error instanceof UserError ? error.sentences : [messageOf(error)], { cause: error });
  }
}

/** Prints an error as sentences on stderr; the stack only for those who asked with --debug. Sets the exit code. */
export function report(error: unknown, debug: boolean): void {
  const sentences = error instanceof UserError ? error.sentences : [`owlnest: ${messageOf(error)}`];
  // A sentence may repeat what stands in a file: it stays one line, and moves no cursor.
  for (const sentence of sentences) process.stderr.write(`${printable(sentence.replaceAll(/\s*\n\s*/g, ' '))}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
}

/** True for an error of the operating system, which has a code: ENOENT, EACCES, … */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'code') === 'string';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
