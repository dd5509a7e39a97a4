// How small text must be to fit into its cell. A part of player.js and of preview.js, to which it is
// appended.

const each = (values, index) => (Array.isArray(values) ? values[index] : values);

// A layout whose labels below the time axis fit `width` pixels. Where not all do, those that are left
// would read as a sentence that nobody wrote: so they are at equal distances up to the last, each
// with its number below. What comes in may have been fitted to another width.
function withLabelsThatFit(layout, width) {
  const { tickmode, tick0, dtick, tickangle, ...axis } = layout.xaxis ?? {};
  if (!axis.labelalias || !axis.categoryarray?.length) return layout;
  const labels = axis.categoryarray.map((name) => axis.labelalias[name].split("<br>")[0]);
  const longest = Math.max(...labels.map((label) => label.length));
  const column = (width - layout.margin.l - layout.margin.r) / labels.length;
  const every = Math.ceil(((0.56 * longest + 0.5) * axis.tickfont.size) / column);
  const numbered = (label, name) => (every > 1 && name !== "0" ? `${label}<br>${name}` : label);
  const labelalias = Object.fromEntries(
    axis.categoryarray.map((name, k) => [name, numbered(labels[k], name)]),
  );
  const places = { tickmode: "linear", tick0: (labels.length - 1) % every, dtick: every, tickangle: 0 };
  return { ...layout, xaxis: { ...axis, labelalias, ...(every > 1 ? places : {}) } };
}

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
