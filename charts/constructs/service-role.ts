import { Construct } from 'constructs';
import * as iam from '../../imports/iam.ts';
import { arnOf, type Arn } from './arns.ts';
import { awsName } from './naming.ts';
import {
  allowTo,
  assumableBy,
  policyText,
  type Action,
  type Grantee,
  type RoleSentence,
  type RoleStatement,
} from './policy.ts';

interface ServiceRoleProps {
  /** What it is named after: `owlnest-<thing>-<environment>`. */
  readonly thing: string;
  /** Why the role is there, and why its policy says what it says: sentences without a full stop. */
  readonly why: { readonly role: string; readonly policy: string };
  /** For people who see it in AWS. */
  readonly description: string;
  /** Who acts as it. */
  readonly by: Grantee;
  /** ARN of the policy that it never exceeds. @default none */
  readonly boundaryArn?: string;
}

/** What a service of AWS acts as. It may do what is allowed to it below, and nothing else. */
export class ServiceRole extends Construct {
  readonly arn: Arn<'iam:role'>;
  readonly role: iam.Role;
  readonly #props: ServiceRoleProps;
  readonly #statements: RoleStatement[] = [];
  /** Names of statements of which nobody has said yet what they are about. */
  readonly #begun = new Set<string>();
  #policy: iam.RolePolicy | undefined;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    this.#props = props;
    const { thing, why, description, by, boundaryArn } = props;
    const name = awsName(this, thing);
    this.arn = arnOf(this, 'iam:role', { RoleNameWithPath: name });
    this.role = new iam.Role(this, 'role', {
      why: why.role,
      name,
      forProvider: {
        description,
        assumeRolePolicy: policyText([assumableBy('Service', by)]),
        ...(boundaryArn === undefined ? {} : { permissionsBoundary: boundaryArn }),
      },
    });
  }

  /** Its policy: what acts as the role waits for it. Throws where nothing is allowed to it. */
  get policy(): iam.RolePolicy {
    if (this.#policy === undefined) throw new Error(`nothing is allowed to the role ${this.role.name}.`);
    return this.#policy;
  }

  /** `role.allow('Read', 's3:GetObject').on(…)`: the statement goes into the role's policy. */
  allow<Name extends Action>(sid: string, ...actions: readonly [Name, ...Name[]]): RoleSentence<Name> {
    this.#begun.add(sid);
    return allowTo((statement) => this.#add(statement), sid, actions);
  }

  /** Statements that were made elsewhere: they go into the role's policy. */
  add(statements: readonly RoleStatement[]): void {
    for (const statement of statements) this.#add(statement);
  }

  #add(statement: RoleStatement): void {
    this.#begun.delete(statement.Sid);
    this.#statements.push(statement);
    this.#policy ??= this.#makePolicy();
  }

  #makePolicy(): iam.RolePolicy {
    const name = awsName(this, this.#props.thing);
    const text = () => this.#text();
    return new iam.RolePolicy(this, 'policy', {
      why: this.#props.why.policy,
      name,
      after: [this.role],
      forProvider: {
        role: name,
        // Read when the object is written out: more may be allowed until then.
        get policy() {
          return text();
        },
      },
    });
  }

  #text(): string {
    const [unfinished] = this.#begun;
    if (unfinished !== undefined) {
      throw new Error(`${this.role.name} is allowed "${unfinished}" on nothing: end the statement with .on(…).`);
    }
    return policyText(this.#statements);
  }
}
