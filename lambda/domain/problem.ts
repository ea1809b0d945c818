import { fieldTexts, problemTexts, type FieldFigures, type Language } from '../contract/messages.ts';
import { problemStatus, type FieldCode, type ProblemCode } from '../contract/problems.ts';
import type { Problem as ProblemDocument } from '../contract/schemas/problem.ts';

/** What is wrong with one field. */
export interface FieldProblem extends FieldFigures {
  /** JSON pointer into the request, such as `/body/title`. */
  readonly pointer: string;
  readonly code: FieldCode;
}

/** A request that ends without success, for a reason that the caller is told. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    details: { fields?: readonly FieldProblem[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(code, { cause: details.cause });
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** A request with one field that is wrong. */
export function invalidField(pointer: string, code: FieldCode, figures: FieldFigures = {}): Problem {
  return new Problem('invalid-input', { fields: [{ pointer, code, ...figures }] });
}

/** The answer of RFC 9457. @param instance path of the request. @param traceId its correlation id. */
export function problemDocument(
  { code, fields }: Problem,
  { language, instance, traceId }: { language: Language; instance: string; traceId: string },
): ProblemDocument {
  const errors = fields.map(({ pointer, code: rule, ...figures }) => ({
    pointer,
    code: rule,
    message: fieldTexts[rule](figures)[language],
  }));
  return {
    type: `/problems/${code}`,
    ...problemTexts[code][language],
    status: problemStatus[code],
    instance,
    code,
    traceId,
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/** The first language of an `Accept-Language` that we speak, by weight; Japanese when there is none. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(parameters[0] ?? 'q=1')?.[1] ?? '0';
    return { language: tag.trim().split('-')[0], weight: Number(weight) };
  });
  const [best] = wanted
    .filter(({ language, weight }) => weight > 0 && (language === 'ja' || language === 'en'))
    .sort((one, other) => other.weight - one.weight);
  return best?.language === 'en' ? 'en' : 'ja';
}
