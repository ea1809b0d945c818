/** What `allowRemoval` names can be there. */
import { expect, it } from '@jest/globals';
import { environmentsIn, readConfig } from '../../cli/environments.ts';
import { UserError } from '../../cli/errors.ts';
import { convergeEnvironment, refuseFindings } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';

const toolchain = openToolchain();

/** What `npm start` says of a production that allows these removals. */
function sentencesOf(allowRemoval: readonly string[]): readonly string[] {
  const files = readConfig().map(({ path, text }) => {
    const value = JSON.parse(text) as object;
    return path === 'config/production.json'
      ? { path, text: JSON.stringify({ ...value, allowRemoval }) }
      : { path, text };
  });
  const [production] = environmentsIn(files, toolchain.schemas, toolchain.release).filter(
    ({ name }) => name === 'production',
  );
  if (production === undefined) throw new Error('There is no production.');
  try {
    refuseFindings([convergeEnvironment(production, toolchain)], toolchain);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.sentences;
    throw error;
  }
}

it('an entry may name what is there, an entry of its lists, and what no chart declares any more', () => {
  const entries = [
    'storage/ReplicaKey/production-storage-data-replica-key',
    'storage/Table/production-storage-main-table.ap-northeast-3',
    'storage/ObjectStore/production-storage-files-replica',
    'storage/Storage/production-storage',
    'storage/Bucket/production-storage-of-an-older-release',
  ];
  expect(sentencesOf(entries)).toEqual([]);
});

it.each([
  [
    'storage/Tabl/production-storage-main-table',
    'config/production.json: allowRemoval[0] is "storage/Tabl/production-storage-main-table", but there is no kind Tabl; write Table, or remove it.',
  ],
  [
    'storage/Table/staging-storage-main-table',
    `config/production.json: allowRemoval[0] is "storage/Table/staging-storage-main-table", but no Table of production's storage is called so; write production-storage-main-table, or remove it.`,
  ],
  [
    'storage/Bucket/files',
    `config/production.json: allowRemoval[0] is "storage/Bucket/files", but no Bucket of production's storage is called so; write production-storage-files-bucket, or remove it.`,
  ],
  [
    'backup/Table/production-storage-main-table',
    `config/production.json: allowRemoval[0] is "backup/Table/production-storage-main-table", but no Table of production's backup is called so; write production-storage-main-table, or remove it.`,
  ],
])('%s names nothing, and is one sentence', (entry, sentence) => {
  expect(sentencesOf([entry])).toEqual([sentence]);
});
