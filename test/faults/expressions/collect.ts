import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A regular expression in the library, and where it stands. */
export interface Expression {
  readonly at: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression in the TypeScript files of these folders: literals, and `new RegExp` of a constant text. */
export function collectExpressions(root: string, ...folders: readonly string[]): readonly Expression[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => expressionsIn(join(root, folder, name), relative(root, join(root, folder, name)))),
  );
}

function expressionsIn(path: string, name: string): readonly Expression[] {
  return expressionsOf(readFileSync(path, 'utf8'), name);
}

/** The expressions of one text. `name` is what the places are said to be in. */
export function expressionsOf(text: string, name: string): readonly Expression[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    const at = () => `${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ at: at(), source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      node.expression.getText(file) === 'RegExp' &&
      node.arguments?.[0] !== undefined
    ) {
      const [pattern, flags] = node.arguments;
      found.push({
        at: at(),
        source: ts.isStringLiteralLike(pattern) ? pattern.text : '',
        flags: flags !== undefined && ts.isStringLiteralLike(flags) ? flags.text : '',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
