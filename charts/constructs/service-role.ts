import { Construct } from 'constructs';
import * as iam from '../../imports/iam.ts';
import { arnOf, type Arn } from './arns.ts';
import { awsName } from './naming.ts';
import { allow, assumableBy, policyText, type Action, type Grantee, type Sentence, type Statement } from './policy.ts';

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
  readonly #statements: Statement[] = [];
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
  allow<Name extends Action>(sid: string, ...actions: readonly [Name, ...Name[]]): Sentence<Name> {
    return this.#recording(allow(sid, ...actions));
  }

  #recording<Name extends Action>(begun: Sentence<Name>): Sentence<Name> {
    return {
      when: (condition) => this.#recording(begun.when(condition)),
      to: (grantee) => this.#recording(begun.to(grantee)),
      on: (...targets) => this.#add(begun.on(...targets)),
      onThisKey: () => this.#add(begun.onThisKey()),
    };
  }

  #add(statement: Statement): Statement {
    this.#statements.push(statement);
    this.#policy ??= this.#makePolicy();
    return statement;
  }

  #makePolicy(): iam.RolePolicy {
    const name = awsName(this, this.#props.thing);
    const statements = this.#statements;
    return new iam.RolePolicy(this, 'policy', {
      why: this.#props.why.policy,
      name,
      after: [this.role],
      forProvider: {
        role: name,
        // Read when the object is written out: more may be allowed until then.
        get policy() {
          return policyText(statements);
        },
      },
    });
  }
}
