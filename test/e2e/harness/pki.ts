import './reflect.ts';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Extension, X509Certificate } from '@peculiar/x509';

/** Loaded late, since the polyfill must be there when it starts. */
const x509 = await import('@peculiar/x509');
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 24 * 60 * 60 * 1000;
x509.cryptoProvider.set(webcrypto);

export interface CertificateOptions {
  readonly commonName: string;
  readonly organization?: string;
  readonly usage: 'server' | 'client';
  /** DNS names that the certificate is for. */
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** @default from yesterday on for eight days */
  readonly validity?: Validity;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate with its private key and the certificate of its CA, all PEM. */
export interface Certificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Authority {
  /** The CA's own certificate, PEM. */
  readonly certificate: string;
  issue(options: CertificateOptions): Promise<Certificate>;
  /** Writes `ca.crt`, `tls.crt` and `tls.key`, the names that Kubernetes gives to a TLS secret's keys. */
  issueDirectory(directory: string, options: CertificateOptions): Promise<Certificate>;
}

/** A certificate authority for one run of the tests, valid for a week unless told otherwise. */
export async function createAuthority(name: string, valid = validity()): Promise<Authority> {
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: '01',
    ...valid,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  let serial = 1;
  const issue = async (options: CertificateOptions): Promise<Certificate> => {
    const { commonName, organization } = options;
    const own = await newKeys();
    serial += 1;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial.toString(16).padStart(2, '0'),
      subject: `${organization === undefined ? '' : `O=${organization}, `}CN=${commonName}`,
      issuer: ca.subject,
      ...(options.validity ?? validity()),
      signingAlgorithm: algorithm,
      signingKey: keys.privateKey,
      publicKey: own.publicKey,
      extensions: await extensions(options, ca),
    });
    return { ca: ca.toString('pem'), certificate: certificate.toString('pem'), key: await privatePem(own.privateKey) };
  };
  return {
    certificate: ca.toString('pem'),
    issue,
    issueDirectory: async (directory, options) => {
      const issued = await issue(options);
      writeFileSync(join(directory, 'ca.crt'), issued.ca);
      writeFileSync(join(directory, 'tls.crt'), issued.certificate);
      writeFileSync(join(directory, 'tls.key'), issued.key, { mode: 0o600 });
      return issued;
    },
  };
}

async function extensions(options: CertificateOptions, ca: X509Certificate): Promise<Extension[]> {
  const usage = options.usage === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const names = [
    ...(options.names ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(options.addresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    await x509.AuthorityKeyIdentifierExtension.create(ca),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function validity(): Validity {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 7 * day) };
}
