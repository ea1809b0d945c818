import { isIPv4 } from 'node:net';

/** Where a server listens; an empty host stands for every address of the machine. */
export interface Address {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** Reads `<host>:<port>`, `[<IPv6>]:<port>` or `:<port>`. */
export function parseAddress(text: string): Address {
  const found = /^(?:\[(?<ipv6>[0-9A-Fa-f:.]+)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const port = Number(found?.['port']);
  if (found === undefined || port > 65_535) {
    throw new Error(`"${text}" is no address of the form <host>:<port>, [<IPv6>]:<port> or :<port>.`);
  }
  return { host: found['ipv6'] ?? found['host'] ?? '', port };
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True when only processes of this machine reach the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** The machine may have no IPv6: then "every address" is every IPv4 one. */
export function hostsToTry(host: string): readonly string[] {
  return host === '' ? ['::', '0.0.0.0'] : [host];
}

/** True for the error of a machine that lacks the address family or the address itself. */
export function isAbsentFamily(error: Error): boolean {
  return /\b(?:EAFNOSUPPORT|EADDRNOTAVAIL|EINVAL)\b/.test(error.message);
}
