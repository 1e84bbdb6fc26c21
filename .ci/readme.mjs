// Puts the program and the run that the README shows into it: `node .ci/readme.mjs [output of the quickstart]`.
import { readFileSync, writeFileSync } from 'node:fs';

function fill(text, name, content) {
  const pattern = new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!pattern.test(text)) throw new Error(`README.md has no place for ${name}`);
  return text.replace(pattern, (_, begin, end) => `${begin}${content}${end}`);
}

const program = readFileSync('examples/twenty-lines.ts', 'utf8').replace(/^\/\/.*\n/gm, '');
let readme = fill(readFileSync('README.md', 'utf8'), 'twenty-lines', `\`\`\`ts\n${program}\`\`\`\n`);
const run = process.argv[2];
if (run !== undefined) {
  readme = fill(readme, 'quickstart', `\`\`\`text\n${readFileSync(run, 'utf8').trimEnd()}\n\`\`\`\n`);
}
writeFileSync('README.md', readme);
