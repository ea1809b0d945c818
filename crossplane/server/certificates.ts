import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Readiness } from './http.ts';

/** A folder as Kubernetes mounts a TLS secret: `tls.crt`, `tls.key`, and the `ca.crt` that signed the callers. */
export interface CertificateFolderOptions {
  readonly directory: string;
  /** How often the files are compared with what is served. @default 10 seconds */
  readonly pollMilliseconds?: number;
  /** Milliseconds since 1970. @default the clock */
  readonly now?: () => number;
}

/** Told of every change of the folder, once a change. */
export interface CertificateListener {
  /** The pair is served from now on, until `expires`. */
  readonly loaded: (expires: Date, secure: SecureContextOptions) => void;
  /** The files cannot be served; the pair before them still is. */
  readonly refused: (reason: string) => void;
}

/** The certificates of a server, which follow the folder until closed. */
export interface WatchedCertificates {
  /** What is served now. */
  readonly secure: SecureContextOptions;
  /** Not ready once the served certificate has expired; says as well when the folder has others that are refused. */
  readiness(): Readiness;
  /** Tells of the certificates as they are now, and of every change after that. */
  listen(listener: CertificateListener): void;
  close(): void;
}

interface Files {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/**
 * The certificates of the folder, as they change. Files are read again from time to time: a secret changes by the swap of
 * a symbolic link, which watchers of files and folders miss. Throws one sentence when the files cannot be served at the
 * start.
 */
export function watchCertificates(options: CertificateFolderOptions): WatchedCertificates {
  const { directory, pollMilliseconds = 10_000, now = Date.now } = options;
  let served = readFiles(directory);
  let expires = check(directory, served, now());
  let complaint: string | undefined;
  const listeners: CertificateListener[] = [];

  const look = (): void => {
    try {
      const found = readFiles(directory);
      if (!same(found, served)) {
        expires = check(directory, found, now());
        served = found;
        for (const listener of listeners) listener.loaded(expires, secureContext(served));
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
    get secure() {
      return secureContext(served);
    },
    readiness: () => {
      if (expires.getTime() <= now())
        return { ready: false, text: `the certificate expired on ${expires.toISOString()}` };
      if (complaint === undefined) return { ready: true, text: 'ok' };
      return { ready: true, text: `ok, but the certificates in the folder are refused: ${complaint}` };
    },
    listen: (listener) => {
      listeners.push(listener);
      listener.loaded(expires, secureContext(served));
    },
    close: () => {
      clearInterval(timer);
    },
  };
}

function secureContext({ ca, certificate, key }: Files): SecureContextOptions {
  return { ca, cert: certificate, key };
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

/** Throws unless a server can use them together, now; when the certificate expires. Never repeats what is in the files. */
function check(directory: string, files: Files, now: number): Date {
  const [certificate, authorities] = parsed(directory, files);
  const { from, to } = validityOf(certificate);
  if (now < from.getTime()) throw new Error(`tls.crt of ${directory} is not valid before ${from.toISOString()}.`);
  if (to.getTime() <= now) throw new Error(`tls.crt of ${directory} expired on ${to.toISOString()}.`);
  const some = authorities.map(validityOf).some((ca) => ca.from.getTime() <= now && now < ca.to.getTime());
  if (!some) throw new Error(`ca.crt of ${directory} has no certificate that is valid now.`);
  return to;
}

/** The server's own certificate, and those of the CA, which are several while one replaces the other. */
function parsed(directory: string, files: Files): readonly [X509Certificate, readonly X509Certificate[]] {
  try {
    createSecureContext(secureContext(files));
    const authorities =
      files.ca.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
    return [new X509Certificate(files.certificate), authorities.map((pem) => new X509Certificate(pem))];
  } catch (error) {
    throw new Error(
      `ca.crt, tls.crt and tls.key of ${directory} are no CA with a certificate and its key: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): { readonly from: Date; readonly to: Date } {
  return { from: new Date(validFrom), to: new Date(validTo) };
}

function same(one: Files, other: Files): boolean {
  return one.ca.equals(other.ca) && one.certificate.equals(other.certificate) && one.key.equals(other.key);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
