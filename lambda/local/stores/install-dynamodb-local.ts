import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';

const VERSION = '2.6.1';
/** DynamoDB Local 2 is compiled for it. */
const LEAST_JAVA = 17;
/** Maven's plugin that copies an artefact with all that it needs. */
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>io.owlnest</groupId>
  <artifactId>integration-tools</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * Gets DynamoDB Local with Maven into a folder outside the checkout, once, and gives that folder. Needs Maven Central the
 * first time.
 * @throws one sentence when this machine has no Java or Maven that can
 */
export async function installDynamoDbLocal(): Promise<string> {
  await javaVersion();
  const hash = createHash('sha256').update(POM).digest('hex').slice(0, 16);
  const folder = join(envPaths('owlnest').cache, 'integration-tools', `dynamodb-local-${hash}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}.tmp`;
  mkdirSync(unfinished, { recursive: true });
  try {
    console.error(`Getting DynamoDB Local ${VERSION} into ${folder}, once.`);
    writeFileSync(join(unfinished, 'pom.xml'), POM);
    const parameters = ['--batch-mode', '--quiet', COPY, `-DoutputDirectory=${unfinished}`];
    await execa('mvn', [...parameters, '--file', join(unfinished, 'pom.xml')]);
    renameSync(unfinished, folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw unmet(`it cannot be got (${reason})`, 'install Maven 3.6.3 or newer and see that it reaches Maven Central');
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/**
 * How it is started: everything in memory, one database whatever a client's credentials. It has no switch for the address
 * that it listens to, which is every one of the machine. @param jars what `installDynamoDbLocal` gives
 */
export function dynamoDbLocalCommand(jars: string, port: number): { command: string; args: readonly string[] } {
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const library = `-Djava.library.path=${jars}`;
  // It counts its users unless told not to.
  const own = ['-inMemory', '-sharedDb', '-port', String(port), '-disableTelemetry'];
  return { command: 'java', args: ['-Xmx1g', library, '-cp', join(jars, '*'), main, ...own] };
}

async function javaVersion(): Promise<void> {
  const { stderr, failed } = await execa('java', ['-version'], { reject: false });
  const found = /version "(\d+)/.exec(stderr)?.[1];
  if (failed || found === undefined) throw unmet('there is no java', `install Java ${LEAST_JAVA}`);
  if (Number(found) < LEAST_JAVA) throw unmet(`java is version ${found}`, `install Java ${LEAST_JAVA} or newer`);
}

function unmet(what: string, todo: string): Error {
  return new Error(`DynamoDB Local cannot be used: ${what}; ${todo}.`);
}
