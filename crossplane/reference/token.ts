import type { Json } from '../../imports/base.ts';
import type { ResourceId } from './identity.ts';

/** One step of a path into a status: a field or map key, a list index, or the list entry whose field has a value. */
export type Segment =
  { readonly key: string } | { readonly index: number } | { readonly where: string; readonly equals: string };

/** What a token stands for. `list` is a whole list of strings, spliced in where it stands as an array's element. */
export type Token =
  | { readonly type: 'observed' | 'list'; readonly resource: ResourceId; readonly path: readonly Segment[] }
  | { readonly type: 'input'; readonly input: string };

/**
 * Tokens are ASCII that neither JSON nor a template literal changes: `${owlnest:observed:<id>#<path>}`.
 * Everything variable is percent-encoded, so the first `}` ends the token.
 */
const OPEN = '${owlnest:';
const PATTERN = /\$\{owlnest:(observed|list|input):([^}#]*)(?:#([^}]*))?\}/g;
const WHOLE = new RegExp(`^${PATTERN.source}$`);

/** True for text that holds a token of ours, or tries to look like one. */
export function holdsToken(text: string): boolean {
  return text.includes(OPEN);
}

/** The token as the text that charts pass around. */
export function writeToken(token: Token): string {
  if (token.type === 'input') return `${OPEN}input:${encodeURIComponent(token.input)}}`;
  return `${OPEN}${token.type}:${encodeURIComponent(token.resource)}#${token.path.map(writeSegment).join('/')}}`;
}

/** The token that is the whole text, if it is one. */
export function wholeToken(text: string): Token | undefined {
  const match = WHOLE.exec(text);
  return match === null ? undefined : readToken(match[1], match[2], match[3]);
}

/** The text with every token in it replaced; a token for which `replace` has nothing stays. */
export function replaceTokens(text: string, replace: (token: Token) => string | undefined): string {
  return text.replace(
    PATTERN,
    (token, type: string, body: string, path?: string) => replace(readToken(type, body, path)) ?? token,
  );
}

/** The path as people read it: `status.atProvider.arn`, `status.options[name=x].value`. */
export function describePath(path: readonly Segment[]): string {
  return path.reduce<string>((text, segment) => {
    if ('key' in segment) return `${text}.${segment.key}`;
    return 'index' in segment ? `${text}[${segment.index}]` : `${text}[${segment.where}=${segment.equals}]`;
  }, 'status');
}

/** The value at the path below `status`; `undefined` where a step leads nowhere. */
export function valueAt(status: Json | undefined, path: readonly Segment[]): Json | undefined {
  let value = status;
  for (const segment of path) {
    if (value === undefined || value === null || typeof value !== 'object') return undefined;
    value = step(value, segment);
  }
  return value;
}

function step(value: object & Json, segment: Segment): Json | undefined {
  if ('key' in segment) return Array.isArray(value) ? undefined : ownField(value, segment.key);
  if (!Array.isArray(value)) return undefined;
  const items: readonly Json[] = value;
  if ('index' in segment) return items[segment.index];
  return items.find((item) => ownField(item, segment.where) === segment.equals);
}

function ownField(value: Json, key: string): Json | undefined {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [key: string]: Json })[key];
}

function writeSegment(segment: Segment): string {
  if ('key' in segment) return encodeURIComponent(segment.key);
  if ('index' in segment) return `@${segment.index}`;
  return `?${encodeURIComponent(segment.where)}=${encodeURIComponent(segment.equals)}`;
}

function readSegment(text: string): Segment {
  if (text.startsWith('@')) return { index: Number(text.slice(1)) };
  if (!text.startsWith('?')) return { key: decodeURIComponent(text) };
  const [where = '', equals = ''] = text.slice(1).split('=');
  return { where: decodeURIComponent(where), equals: decodeURIComponent(equals) };
}

function readToken(type: string | undefined, body = '', path = ''): Token {
  if (type === 'input') return { type, input: decodeURIComponent(body) };
  return {
    type: type === 'list' ? 'list' : 'observed',
    resource: decodeURIComponent(body) as ResourceId,
    path: path.split('/').map(readSegment),
  };
}
