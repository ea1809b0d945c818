import { isIPv4, type Server } from 'node:net';

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

/** The port that the server then listens on, also where 0 asked for any; rejects when it cannot. */
export async function listenOn(server: Server, { host, port }: Address): Promise<number> {
  const attempt = (on: string): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: on, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await attempt(host === '' ? '::' : host);
  } catch (error) {
    // The machine may have no IPv6: then "every address" is every IPv4 one.
    if (host !== '' || !isAbsentFamily(error)) throw error;
    await attempt('0.0.0.0');
  }
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

/** True for the error of a machine that lacks the address family or the address itself. */
function isAbsentFamily(error: unknown): boolean {
  return error instanceof Error && /\b(?:EAFNOSUPPORT|EADDRNOTAVAIL|EINVAL)\b/.test(error.message);
}
