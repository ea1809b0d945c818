/** A request in one of AWS's JSON protocols: `X-Amz-Target` names the operation. */
export type JsonService = (operation: string, input: unknown) => unknown;

/** An error as the SDK reads it; its name is the exception. */
export class ServiceError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
