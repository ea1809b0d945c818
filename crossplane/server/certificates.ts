import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { experimental, type ServerCredentials } from '@grpc/grpc-js';

/** A folder as Kubernetes mounts a TLS secret: `tls.crt`, `tls.key`, and the `ca.crt` that signed the callers. */
export interface CertificateFolderOptions {
  readonly directory: string;
  /** How often the files are compared with what is served. @default 10 seconds */
  readonly pollMilliseconds?: number;
}

/** Told of every change of the folder, once a change. */
export interface CertificateListener {
  /** The pair is served from now on, until `expires`. */
  readonly loaded: (expires: Date) => void;
  /** The files cannot be served; the pair before them still is. */
  readonly refused: (reason: string) => void;
}

/** The certificates of a server, which follow the folder until closed. */
export interface WatchedCertificates {
  readonly credentials: ServerCredentials;
  /** Tells of the certificates as they are now, and of every change after that. */
  listen(listener: CertificateListener): void;
  close(): void;
}

interface Files {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
}

type Provider = experimental.CertificateProvider;
type CaListener = Parameters<Provider['addCaCertificateListener']>[0];
type IdentityListener = Parameters<Provider['addIdentityCertificateListener']>[0];

/**
 * Credentials that demand a certificate of the folder's CA, and change with the folder. Files are read again from time
 * to time: a secret changes by the swap of a symbolic link, which watchers of files and folders miss. Throws one
 * sentence when the files cannot be served at the start.
 */
export function watchCertificates(options: CertificateFolderOptions): WatchedCertificates {
  const { directory, pollMilliseconds = 10_000 } = options;
  let served = readFiles(directory);
  let expires = check(directory, served);
  let complaint: string | undefined;
  const provider = new PairProvider(served);
  const listeners: CertificateListener[] = [];

  const look = (): void => {
    try {
      const found = readFiles(directory);
      if (!same(found, served)) {
        expires = check(directory, found);
        served = found;
        provider.change(found);
        for (const listener of listeners) listener.loaded(expires);
      }
      complaint = undefined;
    } catch (error) {
      // In the middle of a change, or wrong for good: either way the old pair is the better one.
      const reason = messageOf(error);
      if (reason === complaint) return;
      complaint = reason;
      for (const listener of listeners) listener.refused(reason);
    }
  };
  const timer = setInterval(look, pollMilliseconds).unref();
  return {
    credentials: experimental.createCertificateProviderServerCredentials(provider, provider, true),
    listen: (listener) => {
      listeners.push(listener);
      listener.loaded(expires);
    },
    close: () => {
      clearInterval(timer);
    },
  };
}

/** Hands one pair and its CA to gRPC, which wants them through two interfaces. */
class PairProvider implements Provider {
  #files: Files;
  readonly #cas = new Set<CaListener>();
  readonly #identities = new Set<IdentityListener>();

  constructor(files: Files) {
    this.#files = files;
  }

  change(files: Files): void {
    this.#files = files;
    for (const listener of this.#cas) this.#tellCa(listener);
    for (const listener of this.#identities) this.#tellIdentity(listener);
  }

  // gRPC installs what a listener hears only after it has added the listener.
  addCaCertificateListener(listener: CaListener): void {
    this.#cas.add(listener);
    process.nextTick(() => {
      if (this.#cas.has(listener)) this.#tellCa(listener);
    });
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#cas.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identities.add(listener);
    process.nextTick(() => {
      if (this.#identities.has(listener)) this.#tellIdentity(listener);
    });
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identities.delete(listener);
  }

  #tellCa(listener: CaListener): void {
    listener({ caCertificate: this.#files.ca });
  }

  #tellIdentity(listener: IdentityListener): void {
    listener({ certificate: this.#files.certificate, privateKey: this.#files.key });
  }
}

function readFiles(directory: string): Files {
  const read = (name: string): Buffer => {
    try {
      return readFileSync(join(directory, name));
    } catch (error) {
      throw new Error(`Cannot read the certificates: ${messageOf(error)}.`, { cause: error });
    }
  };
  return { ca: read('ca.crt'), certificate: read('tls.crt'), key: read('tls.key') };
}

/** Throws unless a server can use them together; when the certificate expires. Never repeats what is in the files. */
function check(directory: string, { ca, certificate, key }: Files): Date {
  try {
    new X509Certificate(ca);
    createSecureContext({ ca, cert: certificate, key });
    return new Date(new X509Certificate(certificate).validTo);
  } catch (error) {
    throw new Error(
      `ca.crt, tls.crt and tls.key of ${directory} are no CA with a certificate and its key: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

function same(one: Files, other: Files): boolean {
  return one.ca.equals(other.ca) && one.certificate.equals(other.certificate) && one.key.equals(other.key);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
