// How small text must be to fit into its cell. A part of player.js and of preview.js, to which it is
// appended.

const each = (values, index) => (Array.isArray(values) ? values[index] : values);

// The font size for a room of [width, height, longest word, size wanted], in units of axes that are
// `across` and `down` pixels long.
const fontIn = ([wide, high, longest, size], across, down) =>
  Math.floor(Math.min(size, (wide * across) / (0.56 * longest), (high * down) / 1.1));

// That of each word of a trace.
function fontsOf({ meta, text, textfont }, across, down) {
  const fonts = [];
  for (const [count, ...room] of Array.isArray(meta[0]) ? meta : [[text.length, ...meta]])
    for (let word = 0; word < count; word++)
      fonts.push(room.length ? fontIn(room, across, down) : each(textfont.size, fonts.length));
  return fonts;
}
