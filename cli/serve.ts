import { runFunction } from '../crossplane/server/run.ts';
import type { Tls } from '../crossplane/server/server.ts';
import { UserError } from './errors.ts';
import type { Toolchain } from './assemble.ts';

/** As typed; what is absent has its default here. */
export interface ServeOptions {
  readonly address?: string | undefined;
  readonly tlsDir?: string | undefined;
  readonly insecure?: true | undefined;
  readonly insecureAnyAddress?: true | undefined;
  readonly metricsAddress?: string | undefined;
}

/** Serves until a signal asks the process to end. */
export async function serve(
  options: ServeOptions,
  { composer, release }: Pick<Toolchain, 'composer' | 'release'>,
): Promise<void> {
  const tls = tlsOf(options);
  const insecure = 'insecure' in tls;
  const metrics = options.metricsAddress ?? (insecure ? 'off' : ':8080');
  await runFunction(composer, {
    address: options.address ?? (insecure ? '127.0.0.1:9443' : ':9443'),
    tls,
    metricsAddress: metrics === 'off' ? undefined : metrics,
    release: release.version,
  });
}

/** Nobody gets plaintext without having asked for it in words. */
function tlsOf({ tlsDir, insecure, insecureAnyAddress }: ServeOptions): Tls {
  if (insecure === true) {
    if (tlsDir !== undefined) throw new UserError(['--insecure and --tls-dir exclude each other.']);
    return { insecure, anyAddress: insecureAnyAddress === true };
  }
  if (insecureAnyAddress === true) throw new UserError(['--insecure-any-address needs --insecure.']);
  const directory = tlsDir ?? process.env['TLS_SERVER_CERTS_DIR'] ?? '';
  if (directory === '') {
    throw new UserError([
      'There are no certificates: name their folder by --tls-dir or TLS_SERVER_CERTS_DIR, or serve plaintext with --insecure.',
    ]);
  }
  return { directory };
}
