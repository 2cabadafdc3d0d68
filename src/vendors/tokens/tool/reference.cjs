// node reference.cjs FOLDER ENCODING: what the published package of FOLDER makes of each line of the
// input, a text in hexadecimal: the ranks of its tokens.
const [folder, encoding] = process.argv.slice(2);
const { get_encoding } = require(require('path').join(folder, 'package', 'tiktoken.cjs'));
const reference = get_encoding(encoding);
const lines = require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1);
process.stdout.write(lines.map((line) =>
  reference.encode(Buffer.from(line, 'hex').toString('utf8'), [], []).join(' ') + '\n').join(''));
