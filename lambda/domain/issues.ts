import type * as z from 'zod';
import type { FieldCode } from '../contract/problems.ts';
import type { FieldProblem } from './problem.ts';

/** More problems than this help nobody, and would make an answer as large as the request. */
const MOST_ISSUES = 50;

/** What zod found, as problems of fields. @param place `body`, `query`, … */
export function fieldProblems(place: string, issues: readonly z.core.$ZodIssue[]): readonly FieldProblem[] {
  return issues.flatMap((issue) => problemsOf(place, issue)).slice(0, MOST_ISSUES);
}

function problemsOf(place: string, issue: z.core.$ZodIssue): readonly FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo(place, [...issue.path, key]), code: 'unknown' }));
  }
  const pointer = pointerTo(place, issue.path);
  switch (issue.code) {
    case 'invalid_type':
      return [{ pointer, code: issue.input === undefined ? 'required' : 'type' }];
    case 'too_small':
    case 'too_big':
      return [{ pointer, code: sizeCode(issue.origin), ...figuresOf(issue) }];
    case 'invalid_format':
      return [{ pointer, code: 'format' }];
    case 'invalid_value':
      return [{ pointer, code: issue.input === undefined ? 'required' : 'choice' }];
    case 'invalid_union':
      return [{ pointer, code: 'choice' }];
    case 'custom':
      return [{ pointer, ...ofText(issue.params) }];
    default:
      return [{ pointer, code: 'format' }];
  }
}

/** JSON pointer of RFC 6901. A name of a field that a client made up is cut: it is repeated in the answer. */
export function pointerTo(place: string, path: readonly PropertyKey[]): string {
  const parts = path.map((key) => String(key).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1'));
  return ['', place, ...parts].join('/');
}

function sizeCode(origin: string): FieldCode {
  if (origin === 'string') return 'length';
  return origin === 'array' || origin === 'set' || origin === 'map' ? 'count' : 'range';
}

function figuresOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): { least?: number; most?: number } {
  return issue.code === 'too_small' ? { least: Number(issue.minimum) } : { most: Number(issue.maximum) };
}

/** The rules of `text()` in the contract. */
function ofText(params: Readonly<Record<string, unknown>> = {}): Omit<FieldProblem, 'pointer'> {
  const { rule, least, most } = params;
  if (rule === 'length' && typeof least === 'number' && typeof most === 'number')
    return { code: 'length', least, most };
  return { code: rule === 'characters' ? 'characters' : 'format' };
}
