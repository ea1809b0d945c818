import { describe, it } from '@jest/globals';
import { walk } from './walk.ts';
import { World } from './world.ts';

describe('a walk through the API', () => {
  it('registers, signs in, asks for a role, begins a discussion, posts, answers, reacts, edits, deletes', () =>
    walk(new World()));
});
