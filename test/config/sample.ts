import { parseEnvironments, type ParsedEnvironments } from '../../config/parse.ts';

/** The shortest legal file: six keys. */
export const MINIMAL = {
  $schema: './environment.schema.json',
  environment: 'development',
  domainName: 'dev.owlnest.example',
  alertEmail: 'alerts@owlnest.example',
  budgetLimit: 60,
  account: '210987654321',
};

/** The result for one file with this text. */
export function parseText(text: string): ParsedEnvironments {
  return parseEnvironments([{ path: 'config/a.json', text }]);
}

/** The messages for the shortest file with these changes. */
export function messagesFor(changes: Readonly<Record<string, unknown>>): readonly string[] {
  return parseText(JSON.stringify({ ...MINIMAL, ...changes })).problems.map(({ message }) => message);
}
