import { closest, distance } from 'fastest-levenshtein';

/** The known name that was probably meant, if any is close: a third of the letters may differ. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(
    name.toLowerCase(),
    known.map((one) => one.toLowerCase()),
  );
  const match = known.find((one) => one.toLowerCase() === best);
  const allowed = Math.max(1, Math.floor(name.length / 3));
  return match !== undefined && distance(name.toLowerCase(), best) <= allowed ? match : undefined;
}
