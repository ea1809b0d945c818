import type { Attributes } from './value.ts';

export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Attributes;
}

/** What the twin answers instead of a result; `code` is the name of DynamoDB's exception. */
export class TwinFailure extends Error {
  override readonly name = 'TwinFailure';
  readonly code: string;
  readonly details: { readonly Item?: Attributes; readonly CancellationReasons?: readonly CancellationReason[] };

  constructor(code: string, message: string, details: TwinFailure['details'] = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export function invalid(message: string): TwinFailure {
  return new TwinFailure('ValidationException', message);
}
