import fc from 'fast-check';

const fragment = fc.constantFrom(
  ...[
    'A',
    'B',
    'KEY',
    'KEY',
    'export ',
    'export\t',
    '=',
    '=',
    ' = ',
    ': ',
    ':',
    '"',
    "'",
    '`',
    '\\"',
    '\\n',
    '#',
    ' # ',
    ' ',
    '\t',
  ],
  ...['\n', '\n', '\r\n', '\r', 'x', 'it', '$x', 'é', '\u00a0', '\u2028', '\ufeff', '.', '-'],
);

const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'A=1',
      'B="two words"',
      "C='x' # note",
      'export D=4',
      '# comment "',
      '',
      '  E = 5',
      'F=a#b',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('G="1\nKEY=inside\n3"', "H='\n\n'", 'I=`a\n"b"`', 'J="{\\"k\\": 1}"', "M=it's", 'O='),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'KEY=old',
      'export KEY="old" # note',
      'KEY=',
      "  KEY = 'o#d'",
      '#KEY=no',
      'KEY=x#y',
      'KEY="a\nb"',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('P="open', "KEY='open", 'Q= ', 'KEY: old', 'Z="x" y', 'KEYS=1', 'MY.KEY=1') },
  { weight: 1, arbitrary: fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')) },
);

const lines = fc
  .tuple(
    fc.constantFrom('', '', '', '\ufeff'),
    fc.array(line, { maxLength: 8 }),
    fc.constantFrom('\n', '\n', '\r\n', '\r'),
    fc.boolean(),
  )
  .map(([bom, parts, lineBreak, isFinished]) => bom + parts.join(lineBreak) + (isFinished ? lineBreak : ''));

/** Texts that look like env files, many of them wrong in every way that readers treat differently. */
export const envText: fc.Arbitrary<string> = fc.oneof(
  lines,
  fc.array(fragment, { maxLength: 25 }).map((parts) => parts.join('')),
);

/** Env files as bytes, some of them with NUL bytes or invalid UTF-8 anywhere. */
export const envContents: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: envText.map((text) => Buffer.from(text)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(envText, fc.uint8Array({ maxLength: 4 }), fc.nat(200))
      .map(([text, bytes, at]) =>
        Buffer.concat([Buffer.from(text).subarray(0, at), bytes, Buffer.from(text).subarray(at)]),
      ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);
