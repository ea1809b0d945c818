import * as z from 'zod';

/** An id that we give: UUIDv7, so ids sort by the time they were given. */
export const id = z.uuidv7();

/** A user's id: the `sub` of the user pool, a UUID of whatever version the pool makes. */
export const userId = z.uuid();

/** A moment: ISO 8601 in UTC with milliseconds, so texts sort by time. */
export const moment = z.iso.datetime({ precision: 3 });

/** Counts the writes of an entity from 1; a write names the version it has read. */
export const version = z.int().min(1);

/** A count that is kept by adding: it begins at nothing. */
export const count = z.int().default(0);

/** What every stored item that people change has. */
export const written = { version, createdAt: moment, updatedAt: moment };

export const ROLES = ['viewer', 'contributor', 'creator', 'admin'] as const;
/** Each role includes those before it. */
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

export const STANCES = ['pros', 'cons', 'neutral', 'unknown', 'hidden'] as const;
export const stance = z.enum(STANCES);
export type Stance = z.infer<typeof stance>;

/** Control characters but tab and line feed, and halves of surrogate pairs: none of them is for people to read. */
const UNREADABLE = /[^\P{Control}\t\n]|\p{Surrogate}/u;

/**
 * Text of `least` to `most` code points (not UTF-16 units; JSON Schema counts code points, too), all of them
 * readable. An issue names its rule in `params`.
 */
export function text(least: number, most: number): z.ZodString {
  return z
    .string()
    .refine(
      (value) => {
        const length = [...value].length;
        return length >= least && length <= most;
      },
      { error: `between ${least} and ${most} characters`, params: { rule: 'length', least, most } },
    )
    .refine((value) => !UNREADABLE.test(value), {
      error: 'only readable characters',
      params: { rule: 'characters' },
    })
    .meta({ minLength: least, maxLength: most });
}
