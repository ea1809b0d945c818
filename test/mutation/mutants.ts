import ts from 'typescript';

/** One small change that a test ought to notice. */
export interface Mutant {
  /** From 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
  /** `!== → ===`, for people. */
  readonly what: string;
}

/** The file with the mutant in it. */
export function mutate(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

/**
 * Every mutant of a file, in the order of the text: conditions negated, operators swapped, boundaries moved, statements
 * and early returns removed, texts and lists emptied, list methods left out. Sentences for people are left alone.
 */
export function mutantsOf(path: string, source: string): readonly Mutant[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2023, true);
  const found: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    for (const change of changesOf(node, source)) {
      const line = file.getLineAndCharacterOfPosition(change.start).line + 1;
      found.push({ line, ...change });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type Change = Omit<Mutant, 'line'>;

function changesOf(node: ts.Node, source: string): readonly Change[] {
  const replace = (at: ts.Node, text: string, what: string): Change => {
    return { start: at.getStart(), end: at.getEnd(), text, what };
  };
  const negate = (condition: ts.Expression) => replace(condition, `!(${condition.getText()})`, 'condition negated');
  if (ts.isIfStatement(node)) {
    // A guard can be negated or left out; leaving out any other `if` says no more than the statements in it.
    const guard = node.elseStatement === undefined && ts.isReturnStatement(lastOf(node.thenStatement));
    return [negate(node.expression), ...(guard ? [replace(node, ';', 'early return removed')] : [])];
  }
  if (ts.isConditionalExpression(node)) return [negate(node.condition)];
  if (ts.isBinaryExpression(node)) return binary(node, replace);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [replace(node, node.operand.getText(), '! removed')];
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [replace(node, 'false', 'true → false')];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [replace(node, 'true', 'false → true')];
  if (ts.isStringLiteral(node)) return emptied(node, replace);
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isPattern(node)) {
    return [replace(node, '[]', `${short(node.getText())} → []`)];
  }
  if (ts.isExpressionStatement(node)) return [replace(node, ';', `removed ${short(node.getText())}`)];
  if (ts.isContinueStatement(node)) return [replace(node, ';', 'continue removed')];
  if (ts.isCallExpression(node)) return method(node, source);
  return [];
}

const SWAPS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.PlusEqualsToken, '-='],
]);

type Replace = (at: ts.Node, text: string, what: string) => Change;

function binary(node: ts.BinaryExpression, replace: Replace): readonly Change[] {
  const { left, right, operatorToken } = node;
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
    return [replace(node, left.getText(), `?? ${short(right.getText())} removed`)];
  }
  const swapped = SWAPS.get(operatorToken.kind);
  if (swapped === undefined || (swapped === '-' && [left, right].some(isText))) return [];
  return [replace(operatorToken, swapped, `${operatorToken.getText()} → ${swapped}`)];
}

function isText(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function emptied(node: ts.StringLiteral, replace: Replace): readonly Change[] {
  const { parent, text } = node;
  const isName = (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isLiteralTypeNode(parent);
  const sentence = /[a-z] [a-z]/.test(text);
  return text === '' || isName || sentence ? [] : [replace(node, "''", `${short(node.getText())} → ''`)];
}

/** List methods that can be left out, and those that can stand for each other. */
function method(node: ts.CallExpression, source: string): readonly Change[] {
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression: object, name } = node.expression;
  const other = { some: 'every', every: 'some' }[name.text];
  if (other !== undefined) {
    return [{ start: name.getStart(), end: name.getEnd(), text: other, what: `${name.text} → ${other}` }];
  }
  if (!['filter', 'sort', 'reverse', 'trim'].includes(name.text)) return [];
  const text = source.slice(object.getStart(), object.getEnd());
  return [{ start: node.getStart(), end: node.getEnd(), text, what: `.${name.text}() removed` }];
}

function lastOf(statement: ts.Statement): ts.Statement {
  return ts.isBlock(statement) ? (statement.statements.at(-1) ?? statement) : statement;
}

/** `[first, ...others] = …` */
function isPattern(node: ts.ArrayLiteralExpression): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left === node
  );
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 50 ? `${line.slice(0, 49)}…` : line;
}
