/** A file of a rendered tree: its path below the tree's root, and its text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}
