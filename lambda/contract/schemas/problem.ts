import * as z from 'zod';
import { FIELD_CODES, problemStatus, type ProblemCode } from '../problems.ts';
import { component } from './components.ts';

const codes = Object.keys(problemStatus).filter((code): code is ProblemCode => code in problemStatus);

/** Problem details of RFC 9457: the body of every answer that is not a success. */
export const problem = component(
  'Problem',
  z.strictObject({
    type: z.string().describe('`/problems/` and the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What to do next.'),
    instance: z.string().describe('Path of the request.'),
    code: z.enum(codes),
    traceId: z.string().describe('The correlation id, to be named when asking for help.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe('JSON pointer into the request: `/body/title`, `/query/limit`.'),
          code: z.enum(FIELD_CODES),
          message: z.string(),
        }),
      )
      .optional(),
  }),
);
export type Problem = z.infer<typeof problem>;
