/** A command for a POSIX shell that renders a text with the key of the environment, which stands in no command this way. */
export function curlCommand(origin: string, content: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl ${quoted(`${origin}/render/enhance?stream=false`)}`,
    '  -H "x-outkit-api-key: $OUTKIT_API_KEY"',
    `  -H ${quoted('content-type: application/json')}`,
    `  -d ${quoted(JSON.stringify({ content }))}`,
  ].join(' \\\n');
}
