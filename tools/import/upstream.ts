import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { isNativeError } from 'node:util/types';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { parse } from 'yaml';
import { ImportError } from './error.ts';
import { definitionsOf, type Source } from './sources.ts';

const REPOSITORY = 'crossplane-contrib/provider-upjet-aws';
const TAGS = `https://github.com/${REPOSITORY}/tags`;

/** What a test has otherwise. */
export interface UpstreamOptions {
  /** The server that has GitHub's source archives. */
  readonly baseUrl?: string;
  /** Of the unpacked archive; v2.6.0 has a quarter of the default. */
  readonly maxBytes?: number;
  /** From the request to the last byte, in milliseconds. */
  readonly timeout?: number;
}

/**
 * Brings the CRDs of these services from the provider's repository by the tag `version`: its source archive, since that
 * is one request and either whole or an error. Throws an `ImportError`.
 */
export async function readUpstream(
  version: string,
  services: ReadonlySet<string>,
  options: UpstreamOptions = {},
): Promise<Source> {
  if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new ImportError(`The version "${version}" is not of the form v2.6.0; take one from ${TAGS}.`);
  }
  const crds = await download(version, services, options);
  return {
    version,
    definitions: definitionsOf(
      [...crds].map(([file, content]) => {
        const where = `${file} of ${version}`;
        return { where, value: parseYaml(content, where) };
      }),
    ),
  };
}

/** The text of the CRD files by their path in the repository. */
async function download(
  version: string,
  services: ReadonlySet<string>,
  { baseUrl = 'https://codeload.github.com', maxBytes = 2 ** 30, timeout = 600_000 }: UpstreamOptions,
): Promise<ReadonlyMap<string, string>> {
  const url = `${baseUrl}/${REPOSITORY}/tar.gz/refs/tags/${version}`;
  const signal = AbortSignal.timeout(timeout);
  const failed = (what: string, cause: unknown): ImportError => {
    const reason = signal.aborted ? `not within ${timeout / 1000} s` : reasonOf(cause);
    return new ImportError(`${url} ${what} (${reason}); try again, or take the CRDs from a folder with --from.`, {
      cause,
    });
  };
  const answer = await fetch(url, { signal }).catch((cause: unknown) => {
    throw failed('cannot be reached', cause);
  });
  if (answer.status === 404) throw new ImportError(`The provider has no version ${version}; take one from ${TAGS}.`);
  if (!answer.ok || answer.body === null) throw failed('has no archive', `status ${answer.status}`);
  const crds = new Map<string, string>();
  try {
    await pipeline(answer.body, createGunzip(), atMost(maxBytes), collector(services, crds), { signal });
  } catch (cause) {
    throw failed('sent no whole archive', cause);
  }
  return crds;
}

/** Ends with an error after this many bytes, however small they were packed. */
function atMost(maxBytes: number): (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> {
  return async function* (chunks) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      yield chunk;
    }
  };
}

/** `provider-upjet-aws-2.6.0/package/crds/sqs.aws.m.upbound.io_queues.yaml`; the family's own kinds have no service. */
const CRD_FILE = /^[^/]+\/(package\/crds\/((?:[^./]+\.)?aws)\.m\.upbound\.io_[^/]+\.yaml)$/;

/** An archive whose CRDs of these services are put into `crds`. */
function collector(services: ReadonlySet<string>, crds: Map<string, string>): Extract {
  return extract().on('entry', ({ name }, content, next) => {
    const [, file = '', group = ''] = CRD_FILE.exec(name) ?? [];
    const wanted = services.has(group.split('.')[0] ?? '');
    if (!wanted) {
      content.on('end', () => next()).resume();
      return;
    }
    text(content).then((whole) => {
      crds.set(file, whole);
      next();
    }, next);
  });
}

function parseYaml(text: string, where: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new ImportError(`${where} is no YAML (${reasonOf(cause)}).`, { cause });
  }
}

/** In a few words: the first line of a message, and what `fetch` keeps as its cause, that is what really happened. */
function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const { cause } = error;
  const below = isNativeError(cause) ? [('code' in cause && String(cause.code)) || cause.message] : [];
  return [error.message.split('\n')[0], ...below].join(', ');
}
