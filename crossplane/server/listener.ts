import { createServer as createPlainServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, type Server as TlsServer } from 'node:tls';
import { listenOn, type Address } from './address.ts';

/** What connections may take, so that those who only hold them open cannot keep others out or the process alive. */
export interface ConnectionLimits {
  /** Open connections, with those in their handshake; one more is dropped. */
  readonly connections: number;
  /** Connections in their TLS handshake; for one more the oldest of them is dropped. */
  readonly handshakes: number;
  /** How long a handshake may take. */
  readonly handshakeMilliseconds: number;
  /** How old a connection may be, whatever happens on it. */
  readonly ageMilliseconds: number;
}

export interface ListenerOptions {
  readonly address: Address;
  /** Certificates for mutual TLS; `undefined` for plaintext. */
  readonly secure: SecureContextOptions | undefined;
  readonly limits: ConnectionLimits;
  /** Takes a connection whose peer has shown a certificate of the CA, or any in plaintext. */
  readonly accept: (connection: Socket) => void;
}

/** A port, and the connections on it. */
export interface Listener {
  readonly port: number;
  /** From now on handshakes are made with these certificates. */
  renew(secure: SecureContextOptions): void;
  /** Takes no more connections, and drops those in their handshake. */
  stop(): void;
  /** Ends every connection at once. */
  cutOff(): void;
}

/** Listens for HTTP/2 connections; rejects when the address cannot be bound. */
export async function listen({ address, secure, limits, accept }: ListenerOptions): Promise<Listener> {
  const connections = new Set<Socket>();
  /** By the address and port of the peer, which no two open connections share; the oldest first. */
  const handshakes = new Map<string, Socket>();
  const tls = secure === undefined ? undefined : tlsServer(secure, limits);
  const server: Server = tls ?? createPlainServer();
  server.maxConnections = limits.connections;

  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    const old = setTimeout(() => socket.destroy(), limits.ageMilliseconds).unref();
    connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(old);
      connections.delete(socket);
      if (handshakes.get(peer) === socket) handshakes.delete(peer);
    });
    if (tls === undefined) {
      accept(socket);
      return;
    }
    const [oldest] = handshakes.values();
    if (handshakes.size >= limits.handshakes) oldest?.destroy();
    handshakes.set(peer, socket);
  });
  tls?.on('secureConnection', (socket) => {
    handshakes.delete(peerOf(socket));
    accept(socket);
  });
  tls?.on('tlsClientError', (_, socket) => socket.destroy());

  const port = await listenOn(server, address);
  return {
    port,
    renew: (context) => tls?.setSecureContext(context),
    stop: () => {
      server.close();
      for (const socket of handshakes.values()) socket.destroy();
    },
    cutOff: () => {
      for (const socket of connections) socket.destroy();
    },
  };
}

function tlsServer(secure: SecureContextOptions, { handshakeMilliseconds }: ConnectionLimits): TlsServer {
  return createTlsServer({
    ...secure,
    ALPNProtocols: ['h2'],
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: handshakeMilliseconds,
  });
}

function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
