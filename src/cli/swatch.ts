const HEX_COLOUR =
  /^#(?:([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?)$/i;

/** Two columns in the colour of a CSS hex colour, alpha left out; `null` for any other value. `trueColour`: 24 bits, else the 256 of xterm. */
export function swatch(value: string, trueColour: boolean): string | null {
  const match = HEX_COLOUR.exec(value);
  if (match === null) return null;
  const [red = 0, green = 0, blue = 0] = match
    .slice(1)
    .filter((digits) => digits !== undefined)
    .map((digits) => Number.parseInt(digits.length === 1 ? digits + digits : digits, 16));
  const background = trueColour ? `48;2;${red};${green};${blue}` : `48;5;${cubeIndex(red, green, blue)}`;
  return `\x1b[${background}m  \x1b[0m`;
}

/** The nearest colour in the 6 x 6 x 6 cube of xterm, whose levels are 0, 95, 135, 175, 215 and 255. */
function cubeIndex(red: number, green: number, blue: number): number {
  const level = (part: number) => (part < 48 ? 0 : part < 115 ? 1 : Math.floor((part - 35) / 40));
  return 16 + 36 * level(red) + 6 * level(green) + level(blue);
}
