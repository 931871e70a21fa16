// The tests that stand in a policy, found by their first line: known while it is edited, and without the server.

/** A test of a policy. */
export interface DeclaredTest {
  readonly name: string;
  /** From 0. */
  readonly line: number;
}

const TEST = /^\s*test\s+"((?:[^"\\]|\\.)*)"/;

/** The tests of a text, in its order. */
export function declaredTests(text: string): DeclaredTest[] {
  const tests: DeclaredTest[] = [];
  let isInComment = false;
  text.split(/\r?\n/).forEach((content, line) => {
    const found = isInComment ? null : TEST.exec(content);
    if (found?.[1] !== undefined) {
      tests.push({ name: found[1].replace(/\\(.)/g, '$1'), line });
    }
    isInComment = endsInComment(content, isInComment);
  });
  return tests;
}

/** Whether a block comment is open behind a line. */
function endsInComment(content: string, begins: boolean): boolean {
  let isOpen = begins;
  for (const [sign] of content.matchAll(/"(?:[^"\\]|\\.)*"|\/\/|\/\*|\*\//g)) {
    if (sign === '//' && !isOpen) {
      return false;
    }
    if (sign === '/*' || sign === '*/') {
      isOpen = sign === '/*';
    }
  }
  return isOpen;
}
