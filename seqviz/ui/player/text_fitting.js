// How small text must be to fit into its cell. A part of player.js, to which it is appended;
// preview.js is handed it.

const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

const each = (values, index) => (Array.isArray(values) ? values[index] : values);

const NARROW = 500; // pixels of a figure's width

// A layout as a figure of `width` pixels is to have it. What comes in may have been made for another.
const layoutFor = (layout, width) => withLabelsThatFit(arrangedFor(layout, width), width);

// Some pictures are arranged otherwise where it is narrow: see plotly_kit/halves.py.
function arrangedFor(layout, width) {
  const changes = layout.meta?.[2];
  if (!changes) return layout;
  const next = { ...layout };
  for (const [axis, name, wide, narrow] of changes) {
    const value = width < NARROW ? narrow : wide;
    if (axis) next[axis] = { ...next[axis], [name]: value };
    else next[name] = value;
  }
  return same(next, layout) ? layout : next;
}

// A layout whose labels below the time axis fit `width` pixels. Where not all do, those that are left
// would read as a sentence that nobody wrote: so they are at equal distances up to the last, each
// with its number below.
function withLabelsThatFit(layout, width) {
  const { tickmode, tick0, dtick, tickangle, ...axis } = layout.xaxis ?? {};
  if (!axis.labelalias || !axis.categoryarray?.length) return layout;
  const names = axis.categoryarray;
  const last = names.length - 1;
  const labels = names.map((name) => axis.labelalias[name].split("<br>")[0]);
  const { size } = axis.tickfont;
  const wide = (k, every) =>
    size * Math.max(widthOfWord(labels[k]), every > 1 ? widthOfWord(names[k]) : 0);
  const column = (width - layout.margin.l - layout.margin.r) / names.length;
  const fits = (every) => {
    for (let k = last; k >= every; k -= every)
      if ((wide(k, every) + wide(k - every, every)) / 2 + size / 3 > every * column) return false;
    return true;
  };
  let every = 1;
  while (every < names.length && !fits(every)) every++;
  // Of a sentence that is repeated the same word each time may be shown: rather some more apart.
  const varies = (every) => new Set(labels.filter((_, k) => k % every === last % every)).size > 1;
  const more = Array.from({ length: every > 1 ? every : 0 }, (_, k) => every + k);
  every = more.find((one) => varies(one) && fits(one)) ?? every;
  const numbered = (label, name) => (every > 1 && name !== "0" ? `${label}<br>${name}` : label);
  const labelalias = Object.fromEntries(names.map((name, k) => [name, numbered(labels[k], name)]));
  const places = { tickmode: "linear", tick0: last % every, dtick: every, tickangle: 0 };
  const xaxis = { ...axis, labelalias, ...(every > 1 ? places : {}) };
  // The very same where nothing changes: of another one Streamlit makes a new chart, and so on.
  return same(xaxis, layout.xaxis) ? layout : { ...layout, xaxis };
}

// How wide a word is in the page's font, in font sizes. Its HTML is read, never inserted.
const pen = document.createElement("canvas").getContext("2d");
const widthsOfWords = new Map();
function widthOfWord(word) {
  if (!widthsOfWords.size) {
    const page = document.querySelector(".stApp") ?? document.body;
    pen.font = `100px ${getComputedStyle(page).fontFamily}`;
  }
  if (!widthsOfWords.has(word)) {
    const text = new DOMParser().parseFromString(word, "text/html").body.textContent;
    widthsOfWords.set(word, pen.measureText(text).width / 100);
  }
  return widthsOfWords.get(word);
}

// The font size for a room as in plotly_kit/fitting.py, of axes whose units are `across` and `down`
// pixels.
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
