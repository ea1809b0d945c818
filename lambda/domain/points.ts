import type { Point } from '../contract/entities/index.ts';
import { POINT_LEVELS } from '../contract/limits.ts';
import type { PointInput, PointView } from '../contract/schemas/discussion.ts';
import type { Ids } from './ids.ts';
import { Problem } from './problem.ts';

/**
 * The points that a request describes. Points keep the ids they have; new ones get one.
 * @param before the points that are there. @throws Problem `invalid-points`: an id that is not there, a parent that is not
 *   named, a cycle, more than three levels, a name or an order among siblings twice.
 */
export function pointsFrom(
  discussionId: string,
  inputs: readonly PointInput[],
  before: readonly Point[],
  newId: Ids,
): readonly Point[] {
  const known = new Map(before.map((point) => [point.pointId, point]));
  const named = new Map<string, string>();
  const entries = inputs.map((input) => {
    if (input.id !== undefined && !known.has(input.id)) throw new Problem('invalid-points');
    const pointId = input.id ?? newId();
    for (const name of new Set([pointId, ...(input.key === undefined ? [] : [input.key])])) {
      if (named.has(name)) throw new Problem('invalid-points');
      named.set(name, pointId);
    }
    return { input, pointId };
  });
  const points = entries.map(({ input, pointId }): Point => {
    const parentId = input.parent === undefined ? undefined : named.get(input.parent);
    if (input.parent !== undefined && parentId === undefined) throw new Problem('invalid-points');
    return {
      discussionId,
      pointId,
      ...(parentId === undefined ? {} : { parentId }),
      title: input.title,
      ...(input.description === undefined ? {} : { description: input.description }),
      order: input.order,
      hasPosts: known.get(pointId)?.hasPosts ?? false,
    };
  });
  checkTree(points);
  return points;
}

function checkTree(points: readonly Point[]): void {
  const parents = new Map(points.map(({ pointId, parentId }) => [pointId, parentId]));
  const places = new Set(points.map(({ parentId, order }) => `${parentId ?? ''} ${order}`));
  const deep = points.some(({ pointId }) => levelOf(pointId, parents) > POINT_LEVELS);
  if (deep || places.size < points.length) throw new Problem('invalid-points');
}

/** 1 for a point without parent; more than the limit for one in a cycle. */
function levelOf(pointId: string, parents: ReadonlyMap<string, string | undefined>): number {
  let level = 1;
  let above = parents.get(pointId);
  while (above !== undefined && level <= POINT_LEVELS) {
    level++;
    above = parents.get(above);
  }
  return level;
}

/** Points as readers see them: parents before children, siblings by their order. */
export function pointViews(points: readonly Point[]): PointView[] {
  const below = (parent: string | undefined): Point[] =>
    points
      .filter(({ parentId }) => parentId === parent)
      .sort((one, other) => one.order - other.order)
      .flatMap((point) => [point, ...below(point.pointId)]);
  return below(undefined).map(({ discussionId: _discussionId, hasPosts: _hasPosts, ...view }) => view);
}
