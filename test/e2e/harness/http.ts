import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** How to reach an API server and who calls. */
export interface Endpoint {
  /** `https://<host>:<port>` */
  readonly url: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly type?: string;
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** HTTPS with a client certificate, over connections that are kept open. */
export class Http {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor({ url, ca, certificate, key }: Endpoint) {
    this.#url = new URL(url);
    this.#agent = new Agent({ ca, cert: certificate, key, keepAlive: true });
  }

  /** One request with its whole answer, read as JSON where it is JSON. */
  async call(call: HttpCall): Promise<HttpAnswer> {
    const message = await this.open(call);
    const content = await text(message);
    return { status: message.statusCode ?? 0, body: content.startsWith('{') ? JSON.parse(content) : content };
  }

  /** One request whose answer is read by the caller; ends when `signal` aborts. */
  open({ method, path, type, body }: HttpCall, signal?: AbortSignal): Promise<IncomingMessage> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const options: RequestOptions = {
      host: this.#url.hostname,
      port: this.#url.port,
      agent: this.#agent,
      method,
      path,
      headers: {
        accept: 'application/json',
        ...(content === undefined
          ? {}
          : { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(content) }),
      },
      ...(signal === undefined ? {} : { signal }),
    };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(options, resolve);
      request.once('error', reject);
      request.end(content);
    });
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }
}
