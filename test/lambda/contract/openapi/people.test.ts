import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../../../lambda/contract/openapi/people.ts';
import { operationList, problemsOf } from '../../../../lambda/contract/operations/index.ts';
import { problemStatus } from '../../../../lambda/contract/problems.ts';

const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3')));

describe('the OpenAPI document for people and clients', () => {
  it('is OpenAPI 3.1, as the specification’s own schema has it', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toEqual({ valid: true });
    expect([document.openapi, document.info.version]).toEqual(['3.1.0', '1.2.3']);
  });

  it('is the same at every call', () => {
    expect(JSON.stringify(openApiDocument('1.2.3'))).toBe(JSON.stringify(document));
  });

  it.each(operationList)('has $id with every status it can answer', (operation) => {
    const { responses, security } = document.paths[operation.path][operation.method.toLowerCase()];
    const statuses = [operation.success.status, ...problemsOf(operation).map((code) => problemStatus[code])];
    expect(Object.keys(responses).sort()).toEqual([...new Set(statuses)].map(String).sort());
    expect(security.length === 0).toBe(operation.permission === 'public');
  });

  it('names lengths in code points, which is what the handlers count', () => {
    const { title } = document.components.schemas.DiscussionBody.properties;
    expect(title).toMatchObject({ type: 'string', minLength: 1, maxLength: 200 });
  });

  it('describes three views of a post, and never the stored one', () => {
    const { PostSummary, PostListItem, PostDetail } = document.components.schemas;
    for (const view of [PostSummary, PostListItem, PostDetail]) {
      expect(view.additionalProperties).toBe(false);
      expect(Object.keys(view.properties)).not.toContain('updatedAt');
    }
  });
});
