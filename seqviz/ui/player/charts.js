// What the player does to a chart besides stepping: has it drawn once, in the theme's colours, and
// with text that fits. A part of player.js, to which it is appended.

const SMALLEST_FONT = 8;

// Streamlit hands Plotly every new chart twice, the second time as a copy of the first that has the
// width which Plotly has found by itself. Plotly would take up to 25 ms to find that out. With the
// same datarevision, which pictures have, it is the same data, so compare the layout and leave it at
// that. The first time, have it drawn with words that fit: to make them fit later is to draw it anew.
function drawOnce() {
  const react = window.Plotly.react;
  if (react.once) return;
  window.Plotly.react = function (element, figure, ...rest) {
    const before = element.layout;
    if (!figure.layout?.datarevision) return react.call(this, element, figure, ...rest);
    const next = layoutFor(figure.layout, widthOf(element, figure.layout));
    makeRoom(element.closest(".stElementContainer"), next);
    const width = element._fullLayout?.width;
    const known = before?.datarevision === next.datarevision && next.width === width;
    if (known && same({ ...next, width }, { ...before, width }))
      return Promise.resolve(Object.assign(element, { layout: next }));
    const drawn = { ...figure, layout: next, data: fitted(element, figure.data, next) };
    return react.call(this, element, drawn, ...rest);
  };
  window.Plotly.react.once = true;
}

// Whether the frame of a step has numbers of its own, and not only places of shapes.
const hasNumbers = (element, step) =>
  !!element._transitionData?._frameHash?.[String(step)]?.data?.length;

// Whether a chart shows a step: whether its shapes are where the frame of that step puts them.
function isAt(element, step) {
  const moves = element._transitionData?._frameHash?.[String(step)]?.layout?.shapes;
  const shapes = element.layout?.shapes;
  return !!moves && !!shapes && moves.every((move, index) =>
    Object.entries(move).every(([key, value]) => same(shapes[index]?.[key], value)),
  );
}

// The theme's background, and its categorical colours.
function colours(root) {
  const style = getComputedStyle(root.host ?? root.querySelector(".player"));
  const read = (name) => style.getPropertyValue(name).trim().toLowerCase();
  return [read("--st-background-color"), ...read("--st-chart-categorical-colors").split(",")];
}

// What a figure has in place of them: see seqviz/ui/player/theme.py.
function placeholders(root) {
  const names = ["#000038", ...Array.from({ length: 10 }, (_, i) => `#0000${i < 9 ? 0 : ""}${i + 1}`)];
  return new Map(colours(root).map((colour, i) => [names[i], colour.trim()]));
}

// Streamlit puts the theme's colours into the figure once; when the theme changes it keeps what
// Plotly has made of it. So swap the old theme's colours for the new one's, by their places.
const palettes = new Map(); // by background colour
function repaint(element, root) {
  const now = colours(root);
  palettes.set(now[0], now);
  const veil = element.layout.shapes?.[0]?.fillcolor?.toLowerCase();
  const before = palettes.get(veil);
  if (!before || veil === now[0]) return;
  const swap = (value) => {
    // Also of words within a text: <span style='color:#…'>.
    if (typeof value === "string")
      return value.replace(/(^|color:)(#[0-9a-f]{6})/gi, (all, head, one) => {
        const place = before.indexOf(one.toLowerCase());
        return place < 0 ? all : head + now[place];
      });
    if (Array.isArray(value)) return value.map(swap);
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, swap(part)]));
  };
  const layout = swap(element.layout);
  layout.datarevision += now[0];
  window.Plotly.react(element, { data: swap(element.data), layout });
}

// Make text as small as its cell needs, and hide it where that would be unreadable. What a trace
// says in meta is told in plotly_kit/fitting.py.
function fit(element) {
  const { offsetWidth: width, offsetHeight: height } = element;
  // Plotly finds out some time later that a window has another size.
  const place = [width, height, element._fullLayout.width].map(Math.round).join("×");
  if (!width || element.dataset.fitted === place) return;
  element.dataset.fitted = place;
  const next = layoutFor(element.layout, element._fullLayout.width);
  makeRoom(element.closest(".stElementContainer"), next);
  const changed = Object.entries(next).filter(([name, value]) => value !== element.layout[name]);
  if (changed.length) window.Plotly.relayout(element, Object.fromEntries(changed));
  const axes = element._fullLayout;
  const pixels = (name) => axes[name]._length / span(axes[name]);
  // A restyle draws the whole chart anew, so one for all traces of a kind, and none where all fits.
  const changes = { heatmap: [], scatter: [] };
  element.data.forEach((trace, index) => {
    const next = sizeAndTemplate(trace, pixels);
    if (next && !same(next, [trace.textfont.size, trace.texttemplate ?? ""]))
      changes[trace.type].push([index, ...next]);
  });
  for (const some of Object.values(changes)) {
    const [indices, sizes, templates] = [0, 1, 2].map((place) => some.map((one) => one[place]));
    if (some.length)
      window.Plotly.restyle(element, { "textfont.size": sizes, texttemplate: templates }, indices);
  }
}

// Streamlit keeps the room free that the figure asked for: more where it is arranged otherwise.
function makeRoom(container, { meta, height }) {
  if (container) container.style.minHeight = meta?.[2] ? `${height}px` : "";
}

// The traces of a figure that is not drawn yet, with their text as small as it will need to be.
function fitted(element, data, layout) {
  const width = widthOf(element, layout);
  const { l, r, t, b } = layout.margin;
  const pixels = (name) => {
    const { range, domain: [start, end] = [0, 1] } = layout[name] ?? {};
    const room = name[0] === "x" ? width - l - r : layout.height - t - b;
    return range ? (room * (end - start)) / span({ range }) : 0; // Plotly will find the range
  };
  return data.map((trace) => {
    const next = sizeAndTemplate(trace, pixels);
    if (!next) return trace;
    const [size, texttemplate] = next;
    return { ...trace, textfont: { ...trace.textfont, size }, texttemplate };
  });
}

const widthOf = (element, layout) => layout.width ?? element.offsetWidth;

const span = ({ range }) => Math.abs(range[1] - range[0]);

// What font size and text template make a trace's text fit; `pixels` are those of an axis's unit.
function sizeAndTemplate(trace, pixels) {
  if (!Array.isArray(trace.meta)) return null;
  const axis = (name) => (trace[name] ?? name[0]).replace(name[0], name);
  const [across, down] = [pixels(axis("xaxis")), pixels(axis("yaxis"))];
  if (!across || !down) return null;
  return trace.type === "heatmap" ? ofNumbers(trace, across, down) : ofWords(trace, across, down);
}

// Whether boxes are without their numbers, which they show when they are touched.
const hidesNumbers = (element) =>
  element.data.some(({ type, meta, texttemplate, hoverinfo }) =>
    type === "heatmap" && meta?.[4] && !texttemplate && hoverinfo !== "skip");

function ofNumbers({ meta, textfont }, across, down) {
  const font = fontIn(meta, across, down);
  return font < SMALLEST_FONT ? [textfont.size, ""] : [font, meta[4]];
}

// Of a trace of words: each one for all of them where it can be.
function ofWords(trace, across, down) {
  const fonts = fontsOf(trace, across, down);
  const sizes = fonts.map((font) => Math.max(font, 1));
  const templates = fonts.map((font) => (font < SMALLEST_FONT ? " " : "%{text}"));
  const all = templates.every((template) => template === "%{text}");
  return [sizes.every((size) => size === sizes[0]) ? sizes[0] : sizes, all ? "" : templates];
}
