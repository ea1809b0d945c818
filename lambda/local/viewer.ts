import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { openApiDocument } from '../contract/openapi/people.ts';
import { RELEASE } from './settings.ts';

/** Files of the viewer's package that the page loads. */
const FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>OwlNest: operations</title>
    <link rel="icon" href="/viewer/favicon-32x32.png">
    <link rel="stylesheet" href="/viewer/swagger-ui.css">
  </head>
  <body>
    <div id="operations"></div>
    <script src="/viewer/swagger-ui-bundle.js"></script>
    <script src="/viewer/start.js"></script>
  </body>
</html>
`;
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#operations',
  docExpansion: 'list',
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** Nothing from anywhere else; the viewer sets styles of elements and draws its icons from data addresses. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page at `/` that lists the operations and lets one try them, and the document that it reads. */
export function viewer(): Hono {
  const pages = new Hono();
  pages.use('*', async (context, next) => {
    await next();
    context.header('Content-Security-Policy', POLICY);
    context.header('X-Content-Type-Options', 'nosniff');
  });
  pages.get('/', (context) => context.html(PAGE));
  pages.get('/openapi.json', (context) => context.json(openApiDocument(RELEASE)));
  pages.get('/viewer/start.js', (context) => context.body(START, 200, { 'Content-Type': 'text/javascript' }));
  for (const [name, type] of Object.entries(FILES)) {
    pages.get(`/viewer/${name}`, async (context) => {
      const content = await readFile(join(folder, name));
      return context.body(new Uint8Array(content), 200, { 'Content-Type': type, 'Cache-Control': 'max-age=3600' });
    });
  }
  return pages;
}
