import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pointsFrom, pointViews } from '../../../lambda/domain/points.ts';
import { idsFrom } from '../../../lambda/domain/ids.ts';
import { listingsOf, normalTag } from '../../../lambda/domain/discussion.ts';
import { countsAfter, newPost } from '../../../lambda/domain/post.ts';
import { languageOf, Problem } from '../../../lambda/domain/problem.ts';
import { patchedProfile } from '../../../lambda/domain/user.ts';
import { id } from '../../../lambda/contract/entities/index.ts';
import { aDiscussion, aPoint, aPost, aProfile, newId } from '../data/samples.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
};

describe('ids', () => {
  it('are UUIDs of version 7 that sort by time', () => {
    const moments = fc.integer({ min: 0, max: 2 ** 47 });
    fc.assert(
      fc.property(moments, moments, fc.uint8Array({ minLength: 10, maxLength: 10 }), (one, other, random) => {
        const at = (time: number): string =>
          idsFrom(
            () => new Date(time),
            () => random,
          )();
        expect(id.safeParse(at(one)).success).toBe(true);
        if (one < other) expect(at(one) < at(other)).toBe(true);
      }),
    );
  });
});

describe('language', () => {
  it.each([
    [undefined, 'ja'],
    ['', 'ja'],
    ['en-GB,en;q=0.9', 'en'],
    ['fr, en;q=0.5', 'en'],
    ['en;q=0.5, ja;q=0.8', 'ja'],
    ['EN', 'en'],
    ['en;q=0', 'ja'],
    ['en;q=zebra', 'ja'],
  ])('%s → %s', (header, language) => expect(languageOf(header)).toBe(language));
});

describe('points', () => {
  const discussionId = newId();
  const build = (inputs: Parameters<typeof pointsFrom>[1]) => pointsFrom(discussionId, inputs, [], () => newId());
  const point = (key: string, parent?: string, order = 0) => ({
    key,
    title: key,
    order,
    ...(parent === undefined ? {} : { parent }),
  });

  it.each([
    ['three levels', [point('a'), point('b', 'a'), point('c', 'b')], 'none'],
    ['children before parents', [point('b', 'a'), point('a')], 'none'],
    ['four levels', [point('a'), point('b', 'a'), point('c', 'b'), point('d', 'c')], 'invalid-points'],
    ['a cycle', [point('a', 'b'), point('b', 'a')], 'invalid-points'],
    ['its own parent', [point('a', 'a')], 'invalid-points'],
    ['an unknown parent', [point('a', 'z')], 'invalid-points'],
    ['one order twice', [point('a'), point('b')], 'invalid-points'],
    ['one order below two parents', [point('a'), point('b', undefined, 1), point('c', 'a'), point('d', 'b')], 'none'],
    ['one key twice', [point('a'), point('a', undefined, 1)], 'invalid-points'],
    ['an id that is not there', [{ ...point('a'), id: newId() }], 'invalid-points'],
  ])('%s: %s', (_, inputs, code) => expect(codeOf(() => build(inputs))).toBe(code));

  it('whatever is taken is shown whole: parents first, siblings by order, every level counted', () => {
    const input = fc.record(
      {
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        parent: fc.constantFrom('a', 'b', 'c'),
        title: fc.constant('t'),
        order: fc.nat({ max: 9 }),
      },
      { requiredKeys: ['key', 'title', 'order'] },
    );
    fc.assert(
      fc.property(fc.uniqueArray(input, { selector: ({ key }) => key, minLength: 1 }), (inputs) => {
        if (codeOf(() => build(inputs)) !== 'none') return;
        const views = pointViews(build(inputs));
        expect(views).toHaveLength(inputs.length);
        views.forEach(({ parentId }, at) => {
          const above = views.findIndex(({ pointId }) => pointId === parentId);
          expect(parentId === undefined || (above >= 0 && above < at)).toBe(true);
        });
      }),
    );
  });
});

describe('listings', () => {
  it('are leaves, what is above them, tags and all; none for what is hidden', () => {
    const discussion = aDiscussion(newId(), { categories: ['ai-ml', 'space', 'other'], tags: ['bus'] });
    expect(listingsOf(discussion)).toEqual(['all', 'ai-ml', 'space', 'other', 'technology', 'tag:bus']);
    expect(listingsOf({ ...discussion, state: 'locked' })).toHaveLength(6);
    for (const hidden of [{ state: 'archived' }, { state: 'deleted' }, { visibility: 'restricted' }] as const) {
      expect(listingsOf({ ...discussion, ...hidden })).toEqual([]);
    }
  });

  it('know one form of a tag', () => expect(normalTag('ＡＩ ')).toBe('ai'));
});

describe('posts', () => {
  const there = aPoint(newId());
  const body = { pointId: there.pointId, text: 'x', formatting: [], attachments: [], mentions: [] };
  const context = {
    discussionId: there.discussionId,
    postId: newId(),
    authorId: newId(),
    at: '',
    held: false,
    lastStance: undefined,
  };
  const reply = (target: ReturnType<typeof aPost> | undefined) =>
    newPost({ ...body, replyToId: newId() }, { ...context, target });
  const target = aPost(there, newId());

  it('keep the last stance, else unknown', () => {
    expect(newPost(body, { ...context, target: undefined }).stance).toBe('unknown');
    expect(newPost(body, { ...context, target: undefined, lastStance: 'cons' }).stance).toBe('cons');
  });

  it.each([
    ['nothing', undefined],
    ['a post of another discussion', { ...target, discussionId: newId() }],
    ['a post of another point', { ...target, pointId: newId() }],
    ['a hidden post', { ...target, status: 'hidden' as const }],
    ['a post at the end of a thread', { ...target, depth: 5 }],
  ])('do not answer %s', (_, wrong) => expect(codeOf(() => reply(wrong))).toBe('invalid-target'));

  it('know the post that the thread began with', () => {
    const rootId = newId();
    expect(reply(target)).toMatchObject({ rootId: target.postId, depth: 1 });
    expect(reply({ ...target, rootId, depth: 4 })).toMatchObject({ rootId, depth: 5 });
  });

  it('count a reaction once, however it changes', () => {
    const none = { like: 0, agree: 0, disagree: 0, insightful: 0, funny: 0 };
    const kinds = fc.option(fc.constantFrom('like', 'agree', 'disagree', 'insightful', 'funny'), { nil: undefined });
    fc.assert(
      fc.property(fc.array(kinds), (changes) => {
        const { counts, last } = changes.reduce(
          (before, after) => ({ counts: countsAfter(before.counts, before.last, after), last: after }),
          { counts: none, last: undefined as (typeof changes)[number] },
        );
        expect(counts).toEqual(last === undefined ? none : { ...none, [last]: 1 });
      }),
    );
  });
});

describe('a profile', () => {
  const profile = aProfile({ bio: 'An owl.', givenName: 'Owl' });

  it('keeps what a patch does not name, takes what it names, loses what it sets to null', () => {
    const after = patchedProfile(profile, { bio: null, displayName: 'Owl', privacy: { emailVisible: true } });
    expect(after).toEqual({
      ...profile,
      bio: undefined,
      displayName: 'Owl',
      privacy: { ...profile.privacy, emailVisible: true },
    });
    expect(after).not.toHaveProperty('bio');
  });

  it.each(['Asia/Tokyo', 'UTC', 'America/Argentina/Buenos_Aires'])('may be in %s', (timezone) =>
    expect(codeOf(() => patchedProfile(profile, { timezone }))).toBe('none'),
  );
  it.each(['Mars/Olympus', '+09:00', '', '../etc'])('may not be in %s', (timezone) =>
    expect(codeOf(() => patchedProfile(profile, { timezone }))).toBe('invalid-input'),
  );
});
