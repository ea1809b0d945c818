/** A form with which a browser puts one file in its place. */
export interface Upload {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Where the bytes of files are. */
export interface FileObjects {
  /** A form for exactly this object: key, media type, size in bytes, SHA-256 in hexadecimal; good for `seconds`. */
  uploadForm(object: {
    readonly key: string;
    readonly contentType: string;
    readonly size: number;
    readonly sha256: string;
    readonly seconds: number;
  }): Promise<Upload>;

  /** An address that gives the object for `seconds`; `attachment` is the file's name where a browser shall save it. */
  downloadUrl(object: {
    readonly key: string;
    readonly contentType: string;
    readonly attachment: string | undefined;
    readonly seconds: number;
  }): Promise<string>;
}
