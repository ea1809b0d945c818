import { storageSection } from '../../config/storage.ts';
import { defineComposite } from '../../crossplane/definition/definition.ts';
import { keptDays } from '../../lambda/contract/retention.ts';
import { EncryptionKey, SigningKey, forLogGroups, forSigning, throughServices } from '../constructs/key.ts';
import { FileReplica, Store, keptFiles } from './stores.ts';
import { MainTable } from './table.ts';

/** Days after which a report is hardly read any more. */
const REPORTS_TIERING_DAYS = 30;

/** Everything that keeps data: keys, the table, a bucket for each use, and their copies in the replica region. */
export const Storage = defineComposite({
  kind: 'Storage',
  plural: 'storages',
  shortNames: ['owlstorage'],
  description: "Keeps an environment's data: keys, the table and the buckets.",
  schema: storageSection,
  outputs: {
    dataKeyArn: 'ARN of the key that encrypts the table and the buckets of files, artifacts and reports.',
    logsKeyArn: 'ARN of the key that encrypts log groups.',
    cursorKeyArn: 'ARN of the key that signs the cursors of lists.',
    tableName: 'Name of the table.',
    tableArn: 'ARN of the table.',
    tableStreamArn: "ARN of the stream of the table's changes.",
    filesBucketName: 'Name of the bucket that holds the files that users upload.',
    filesBucketArn: 'ARN of the bucket of files.',
    filesBucketDomainName: 'Domain name of the bucket of files in its region.',
    websiteBucketName: "Name of the bucket of the application's pages.",
    websiteBucketArn: 'ARN of the bucket of pages.',
    websiteBucketDomainName: 'Domain name of the bucket of pages in its region.',
    logsBucketName: 'Name of the bucket that AWS services write their logs to.',
    logsBucketArn: 'ARN of the bucket of logs.',
    artifactsBucketName: 'Name of the bucket that holds the code of functions.',
    artifactsBucketArn: 'ARN of the bucket of code.',
    reportsBucketName: 'Name of the bucket of reports.',
    reportsBucketArn: 'ARN of the bucket of reports.',
  },
  stateful: true,
  chart: (chart, { spec: { table: tableSettings, files: fileSettings, logs: logSettings }, context }) => {
    // Three keys, not one for each purpose: each costs by existing.
    const dataKey = new EncryptionKey(chart, 'data', {
      purpose: 'table and buckets',
      why: 'Encrypts the table and the buckets of files, artifacts and reports',
      config: 'storage',
      multiRegion: true,
      uses: (region) => throughServices(chart, region, ['dynamodb', 's3']),
    });
    const logsKey = new EncryptionKey(chart, 'log-groups', {
      purpose: 'log groups',
      why: 'Encrypts log groups, which CloudWatch reads and writes by itself',
      config: 'storage.logs',
      multiRegion: false,
      uses: (region) => forLogGroups(chart, region),
    });
    const cursorKey = new SigningKey(chart, 'cursors', {
      purpose: 'signatures of cursors',
      why: 'Signs the cursors of lists, so that nobody can make one up',
      config: 'storage',
      uses: () => forSigning(chart),
    });
    const replicaKeyArn =
      tableSettings.replica || fileSettings.replica ? dataKey.replicate('replicaRegion') : undefined;

    const table = new MainTable(chart, 'main', {
      settings: tableSettings,
      keyArn: dataKey.arn,
      replicaKeyArn: tableSettings.replica ? replicaKeyArn : undefined,
    });

    const logs = new Store(chart, 'logs', {
      use: 'logs',
      config: 'storage.logs',
      expireAfterDays: logSettings.retentionDays,
    });
    // Only files are replicated: website and artifacts come again from a release.
    const replica =
      replicaKeyArn === undefined || !fileSettings.replica
        ? undefined
        : new FileReplica(chart, 'replica', { keyArn: replicaKeyArn, files: fileSettings, logs: logSettings });
    const files = new Store(chart, 'files', {
      ...keptFiles(fileSettings),
      use: 'files',
      config: 'storage.files',
      keyArn: dataKey.arn,
      accessLogs: logs,
      uploadOrigins: [`https://${context.domainName}`, ...fileSettings.extraUploadOrigins],
      replica,
    });
    const website = new Store(chart, 'website', { use: 'website', config: 'storage', accessLogs: logs });
    const artifacts = new Store(chart, 'artifacts', {
      use: 'artifacts',
      config: 'storage',
      keyArn: dataKey.arn,
      accessLogs: logs,
    });
    const reports = new Store(chart, 'reports', {
      use: 'reports',
      config: 'storage',
      keyArn: dataKey.arn,
      accessLogs: logs,
      intelligentTieringAfterDays: REPORTS_TIERING_DAYS,
      expireAfterDays: keptDays('audit', context.tier),
    });

    return {
      dataKeyArn: dataKey.arn,
      logsKeyArn: logsKey.arn,
      cursorKeyArn: cursorKey.arn,
      tableName: table.name,
      tableArn: table.arn,
      tableStreamArn: table.streamArn,
      filesBucketName: files.output('bucketName'),
      filesBucketArn: files.output('bucketArn'),
      filesBucketDomainName: files.output('bucketDomainName'),
      websiteBucketName: website.output('bucketName'),
      websiteBucketArn: website.output('bucketArn'),
      websiteBucketDomainName: website.output('bucketDomainName'),
      logsBucketName: logs.output('bucketName'),
      logsBucketArn: logs.output('bucketArn'),
      artifactsBucketName: artifacts.output('bucketName'),
      artifactsBucketArn: artifacts.output('bucketArn'),
      reportsBucketName: reports.output('bucketName'),
      reportsBucketArn: reports.output('bucketArn'),
    };
  },
});
