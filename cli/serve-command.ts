import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { ServeOptions } from './serve.ts';

/** Adds the command `serve`: the same in the checkout and in the container, whose entry it is. */
export function addServe(program: CommandUnknownOpts, action: (options: ServeOptions) => Promise<void>): void {
  program
    .command('serve')
    .description('serve the charts as a composition function, which Crossplane calls')
    .option('--address <host:port>', 'where Crossplane calls (default: ":9443"; with --insecure "127.0.0.1:9443")')
    .option(
      '--tls-dir <dir>',
      'folder with ca.crt, tls.crt and tls.key; callers need a certificate of that CA (default: $TLS_SERVER_CERTS_DIR)',
    )
    .option('--insecure', 'serve plaintext to anybody, on a loopback address only')
    .option('--insecure-any-address', 'with --insecure: on any address, for those who have secured the way themselves')
    .option(
      '--metrics-address <host:port>',
      'where /metrics, /livez and /readyz are, in plaintext, or "off" (default: ":8080"; with --insecure "off")',
    )
    .action(action);
}
