import Table from 'cli-table3';
import { settingsOf, type Setting } from '../config/describe.ts';
import { loadEnvironments, selectEnvironments } from './environments.ts';
import { openToolchain } from './toolchain.ts';

/** How places are called that are no file. */
const FROM: Readonly<Partial<Record<Setting['from'], string>>> = { default: 'default', nowhere: 'not set' };

/** Every setting of an environment: its value, where it comes from, what it means. */
export function showConfig(name: string): void {
  const { schemas, release } = openToolchain();
  const table = new Table({
    head: ['setting', 'value', 'from', 'meaning'],
    colWidths: [null, null, null, 60],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { file, config } of selectEnvironments(loadEnvironments(schemas, release), [name])) {
    for (const { path, value, from, description } of settingsOf(config)) {
      table.push([path, folded(value ?? '–'), FROM[from] ?? file, description]);
    }
  }
  process.stdout.write(`${table.toString()}\n`);
}

/** In pieces that fit a column; the table itself wraps at spaces only, and would cut what has none. */
function folded(value: string): string {
  return value.replaceAll(/.{34}(?=.)/gu, '$&\n');
}
