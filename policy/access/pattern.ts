/** Whether a pattern of IAM with `*` (any number of characters) and `?` (one character) covers the whole text. */
export function covers(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  // Where the last `*` stands, and how much of the text it has taken so far.
  let star = -1;
  let taken = 0;
  while (next < text.length) {
    if (pattern[at] === '*') {
      star = at;
      taken = next;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[next])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      at = star + 1;
      taken += 1;
      next = taken;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

/** Parts of an ARN: `arn:partition:service:region:account:resource`; the resource may hold colons. */
const ARN_PARTS = 6;

/**
 * As the operator `ArnLike` compares: part by part, so that a `*` does not reach over a colon; only the last part may hold
 * some. Source: IAM User Guide, "IAM JSON policy elements: Condition operators", ARN operators.
 */
export function coversArn(pattern: string, arn: string): boolean {
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return (
    patterns.length === ARN_PARTS &&
    parts.length === ARN_PARTS &&
    patterns.every((part, index) => covers(part, parts[index] ?? ''))
  );
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < ARN_PARTS ? parts : [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}
