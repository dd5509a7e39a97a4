// Steps through the frames of a Plotly chart on the same page, without the server.
//
// data: [{ target: key of the container that holds the chart, signature: changes with the picture,
//         step: where it opens, captions: one a step, parameter: name of the step in the URL,
//         revealed: changes when the picture is to be scrolled into view,
//         figure: Plotly's JSON where Plotly may not be loaded yet, for preview.js }]
//
// Streamlit's chart bundle puts Plotly on window. The step is written into the address bar with
// replaceState: a reload or a copied link opens there, and the server reads it on its next rerun.

const MILLISECONDS = 900;
const CHECKED = 200; // milliseconds
const SMALLEST_FONT = 8;
const WANTS_ARROWS =
  "input, textarea, select, canvas, [contenteditable], [role=slider], [role=radio], " +
  "[role=combobox], [role=listbox], [role=menu], [role=tab], [role=grid]";
const PLAY = "M7 4v16l13-8z";
const PAUSE = "M6 4h4v16H6zM14 4h4v16h-4z";
const IMMEDIATE = {
  mode: "immediate",
  frame: { duration: 0, redraw: false },
  transition: { duration: 0 },
};

const players = new WeakMap();

export default function (component) {
  const {
    data: [data],
    parentElement,
  } = component;
  let player = players.get(parentElement);
  if (!player) {
    player = createPlayer(parentElement);
    players.set(parentElement, player);
  }
  player.update(data);
  return player.remove;
}

function createPlayer(root) {
  const find = (selector) => root.querySelector(selector);
  const buttons = Object.fromEntries(
    [...root.querySelectorAll("button")].map((button) => [button.dataset.go, button]),
  );
  const range = find("input");
  const speed = find("select");
  const caption = find("output");
  let data = null;
  let step = 0;
  let timer = null;
  let shown = null; // the chart element that was last brought to `step`
  let saving = null;
  let figure = null; // drawn without Plotly until it is there
  const light = find(".preview");

  const last = () => data.captions.length - 1;
  const chart = () => document.querySelector(`.st-key-${data.target} .js-plotly-plot`);

  function draw() {
    const focused = root.activeElement ?? document.activeElement;
    range.max = last();
    range.value = step;
    range.setAttribute("aria-valuetext", data.captions[step]);
    caption.textContent = data.captions[step];
    caption.setAttribute("aria-live", timer ? "off" : "polite");
    buttons.first.disabled = buttons.previous.disabled = step === 0;
    buttons.next.disabled = buttons.last.disabled = step === last();
    if (focused?.disabled) buttons.play.focus(); // or the keyboard would have to start over
    buttons.play.setAttribute("aria-label", timer ? "Pause" : "Play");
    buttons.play.querySelector("path").setAttribute("d", timer ? PAUSE : PLAY);
    const element = chart();
    if (element && window.Plotly) {
      shown = element;
      // A new chart opens at its step. To animate it there has Streamlit draw all of it once more.
      if (!isAt(element, step))
        window.Plotly.animate(element, [String(step)], IMMEDIATE).catch(() => {});
    }
    if (figure) drawLight();
  }

  function drawLight() {
    const own = light.parentElement.getBoundingClientRect();
    const place = document.querySelector(`.st-key-${data.target}`)?.getBoundingClientRect();
    if (!place?.width || !window.seqvizPreview) return;
    light.style.top = `${place.top - own.top}px`;
    light.style.height = `${figure.layout.height}px`;
    light.dataset.width = light.parentElement.clientWidth;
    const theme = placeholders(root);
    light.replaceChildren(window.seqvizPreview(figure, step, place.width, theme, SMALLEST_FONT));
  }

  function endLight() {
    figure = null;
    light.replaceChildren();
    light.style.height = 0;
  }

  function save() {
    clearTimeout(saving);
    const url = new URL(window.location.href);
    if (step === last()) url.searchParams.delete(data.parameter);
    else url.searchParams.set(data.parameter, step);
    window.history.replaceState(window.history.state, "", url);
  }

  // Browsers limit how often the address may change, so not at every step of a fast play.
  function saveSoon() {
    clearTimeout(saving);
    saving = setTimeout(save, 250);
  }

  function go(to) {
    step = Math.min(Math.max(to, 0), last());
    draw();
    saveSoon();
  }

  function pause() {
    clearTimeout(timer);
    timer = null;
  }

  // Set the next step's timer first: what is drawn says whether it plays.
  function tick(to) {
    pause();
    if (to < last()) timer = setTimeout(() => tick(to + 1), MILLISECONDS / speed.value);
    go(to);
  }

  function play() {
    if (timer) {
      pause();
      draw();
    } else {
      tick(step === last() ? 0 : step);
    }
  }

  async function copy() {
    save();
    const link = window.location.href;
    try {
      await navigator.clipboard.writeText(link);
      caption.textContent = "Link copied: it opens this page in this very state.";
    } catch {
      // Not allowed here (a page without https, say): show the link, ready to be copied by hand.
      window.prompt("The link to this state:", link);
    }
  }

  const actions = {
    copy,
    first: () => go(0),
    previous: () => go(step - 1),
    play,
    next: () => go(step + 1),
    last: () => go(last()),
  };
  for (const [name, button] of Object.entries(buttons)) {
    button.onclick = () => {
      if (name !== "play") pause();
      actions[name]();
    };
  }
  range.oninput = () => {
    pause();
    go(Number(range.value));
  };

  const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
  function press(event, name) {
    event.preventDefault();
    event.stopPropagation();
    if (name !== "play") pause();
    actions[name]();
  }
  find(".player").onkeydown = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const inControl = event.target === range || event.target === speed;
    if (event.key in keys && event.target !== speed) press(event, keys[event.key]);
    else if (event.key === " " && !inControl && event.target !== buttons.play)
      press(event, "play");
    else if (event.key === " " && event.target === range) press(event, "play");
  };
  // Arrow keys also work from anywhere on the page where nothing else wants them.
  function onDocumentKey(event) {
    const idle = !document.activeElement?.closest(WANTS_ARROWS);
    if (!idle || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") press(event, keys[event.key]);
  }
  document.addEventListener("keydown", onDocumentKey);

  // The chart comes after the player, comes anew when its theme changes, and shrinks with the page.
  const check = setInterval(() => {
    fadeOnlyIfSlow();
    const element = data && chart();
    if (!element || !window.Plotly || !element._fullLayout) {
      if (figure && light.dataset.width !== String(light.parentElement.clientWidth)) drawLight();
      return;
    }
    if (figure) endLight();
    drawOnce();
    repaint(element, root);
    if (element !== shown) draw();
    fit(element);
  }, CHECKED);
  fadeOnlyIfSlow();

  return {
    update(next) {
      const changed = !data || data.signature !== next.signature;
      const asked = data && data.revealed !== next.revealed;
      data = next;
      if (asked) reveal(document.querySelector(`.st-key-${data.target}`));
      if (changed) {
        pause();
        step = Math.min(next.step, next.captions.length - 1);
        shown = null;
        if (figure) endLight();
      }
      if (next.figure && !chart()) figure = next.figure;
      draw();
    },
    remove() {
      pause();
      clearTimeout(saving);
      clearInterval(check);
      document.getElementById(UNFADED)?.remove();
      document.removeEventListener("keydown", onDocumentKey);
    },
  };
}

// Streamlit hands Plotly every new chart twice, the second time as a copy of the first that has the
// width which Plotly has found by itself. Plotly would take up to 25 ms to find that out. With the
// same datarevision it is the same data, so compare the layout and leave it at that. Until then the
// chart is hidden: fit its text now, and nobody sees text that does not fit.
function drawOnce() {
  const react = window.Plotly.react;
  if (react.once) return;
  window.Plotly.react = function (element, figure, ...rest) {
    const next = figure.layout;
    const before = element.layout;
    const revised = !before?.datarevision || before.datarevision !== next?.datarevision;
    const width = element._fullLayout?.width;
    if (!revised && next.width === width && same({ ...next, width }, { ...before, width })) {
      Object.assign(element, { data: figure.data, layout: next });
      return fit(element).then(() => element);
    }
    return react.call(this, element, figure, ...rest);
  };
  window.Plotly.react.once = true;
}

// While a page is computed anew Streamlit fades all that is still of the run before, and from the
// first moment has the browser keep each of these parts in a layer of its own: 15 to 30 ms of every
// change. So nothing fades until it has been old for half a second.
const UNFADED = "seqviz-unfaded";
const HALF_A_SECOND = 500 / CHECKED;
let old = 0; // checks in a row that found something of the run before
function fadeOnlyIfSlow() {
  let style = document.getElementById(UNFADED);
  if (!style) {
    style = document.createElement("style");
    style.id = UNFADED;
    style.textContent = ".stElementContainer { opacity: 1 !important }";
    document.head.append(style);
  }
  old = document.querySelector('.stElementContainer[data-stale="true"]') ? old + 1 : 0;
  style.disabled = old > HALF_A_SECOND;
}

// Whether a chart shows a step: whether its shapes are where the frame of that step puts them.
function isAt(element, step) {
  const moves = element._transitionData?._frameHash?.[String(step)]?.layout?.shapes;
  const shapes = element.layout?.shapes;
  return !!moves && !!shapes && moves.every((move, index) =>
    Object.entries(move).every(([key, value]) => same(shapes[index]?.[key], value)),
  );
}

const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

// An example was clicked further down: bring the picture that it changed into view.
function reveal(element) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
}

// The theme's background, and its categorical colours.
function colours(root) {
  const style = getComputedStyle(root.host ?? root.querySelector(".player"));
  const read = (name) => style.getPropertyValue(name).trim().toLowerCase();
  return [read("--st-background-color"), ...read("--st-chart-categorical-colors").split(",")];
}

// What a figure has in place of them: see seqviz/ui/theme.py.
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
    if (typeof value === "string") {
      const place = before.indexOf(value.toLowerCase());
      return place < 0 ? value : now[place];
    }
    if (Array.isArray(value)) return value.map(swap);
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, swap(part)]));
  };
  const layout = swap(element.layout);
  layout.datarevision += now[0];
  window.Plotly.react(element, swap(element.data), layout);
  delete element.dataset.fitted;
}

// Make text as small as its cell needs, and hide it where that would be unreadable. A trace says in
// meta what its words need: [cell width, cell height, longest word, font size, a heatmap's text
// template], the first two in axis units; or a list of these where they need different things, each
// after the number of words that it is for.
async function fit(element) {
  const { width, height } = element.getBoundingClientRect();
  const place = `${Math.round(width)}×${Math.round(height)}`;
  if (!width || element.dataset.fitted === place) return;
  element.dataset.fitted = place;
  // Where nothing hovers, Plotly would keep its button over the picture for good.
  if (window.matchMedia("(hover: none)").matches)
    element.querySelector(".modebar-container")?.style.setProperty("display", "none");
  const layout = element._fullLayout;
  const changes = { heatmap: [], scatter: [] };
  element.data.forEach((trace, index) => {
    if (!Array.isArray(trace.meta)) return;
    const axis = (name) => layout[(trace[name] ?? name[0]).replace(name[0], name)];
    const pixels = (a) => a._length / Math.abs(a.range[1] - a.range[0]);
    const [acrossUnit, downUnit] = [pixels(axis("xaxis")), pixels(axis("yaxis"))];
    const fontIn = ([wide, high, longest, size]) =>
      Math.floor(Math.min(size, (wide * acrossUnit) / (0.56 * longest), (high * downUnit) / 1.1));
    const now = [trace.textfont.size, trace.texttemplate ?? ""];
    const next = trace.type === "heatmap" ? number(trace, fontIn) : words(trace, fontIn);
    if (!same(now, next)) changes[trace.type].push([index, ...next]);
  });
  // A restyle draws the whole chart anew, so one for all traces of a kind, and none where all fits.
  for (const some of Object.values(changes)) {
    const [indices, sizes, templates] = [0, 1, 2].map((place) => some.map((one) => one[place]));
    if (some.length)
      await window.Plotly.restyle(element, { "textfont.size": sizes, texttemplate: templates }, indices);
  }
}

// The font size and the text template of a heatmap.
function number({ meta, textfont }, fontIn) {
  const font = fontIn(meta);
  return font < SMALLEST_FONT ? [textfont.size, ""] : [font, meta[4]];
}

// Those of a trace of words, each one for all of them where it can be.
function words({ meta, text, textfont }, fontIn) {
  const sizes = [];
  const templates = [];
  for (const [count, ...room] of Array.isArray(meta[0]) ? meta : [[text.length, ...meta]])
    for (let word = 0; word < count; word++) {
      const font = room.length ? fontIn(room) : each(textfont.size, sizes.length);
      templates.push(font < SMALLEST_FONT ? " " : "%{text}");
      sizes.push(Math.max(font, 1));
    }
  const all = templates.every((template) => template === "%{text}");
  return [sizes.every((size) => size === sizes[0]) ? sizes[0] : sizes, all ? "" : templates];
}

const each = (value, index) => (Array.isArray(value) ? value[index] : value);
