/** A reason to stop, as one sentence for the person who runs the import. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
