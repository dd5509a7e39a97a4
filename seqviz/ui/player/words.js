// Words that show something on hover, focus and tap: a term its definition, a word that stands for a
// part of the picture that part. What Python marks (ui/words.py) are links: #term, with a title
// "definition → lesson", and #part. In captions, which are the player's own, parts are found here.
// Nothing is asked of the server, and Plotly draws nothing anew.
//
// A browser is sent it once, with preview.js, and not at every change with the player, which finds it
// on window. PARTS comes from ui/guided.py.

const TERM = 'a[href*="#term"]';
const PART = 'a[href="#part"], [data-part]';
const WORD = `${TERM}, ${PART}`;
const WORD_RULES = `
:is(${WORD}) {
  color: inherit !important; cursor: help; border-radius: 0.2rem;
  text-decoration: underline dotted 2px !important; text-underline-offset: 0.2em;
}
:is(${PART}) { cursor: pointer; text-decoration-style: solid !important;
  text-decoration-color: color-mix(in srgb, currentColor 35%, transparent) !important; }
:is(${WORD}):focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
#seqviz-tip {
  position: fixed; inset: auto; margin: 0; padding: 0.6rem 0.8rem; border: 1px solid currentColor;
  border-radius: 0.5rem; width: max-content; max-width: min(22rem, calc(100vw - 1rem));
  box-sizing: border-box; font-size: 0.95rem; line-height: 1.4; box-shadow: 0 4px 16px #0006;
}
#seqviz-tip a { display: block; margin-top: 0.35rem; color: inherit; }`;
const DIGITS = "₀₁₂₃₄₅₆₇₈₉";
const GRACE = 250; // milliseconds in which the mouse may go from a word to its definition

window.seqvizWords = createWords;
// In the page's head it stays for the next page, so that its words look as they should at once.
if (!document.querySelector("head .seqviz-words")) addStyle(document.head);

// What there is on the page of the words of one player.
function createWords(root, chart) {
  const tip = document.createElement("div");
  tip.id = "seqviz-tip";
  tip.popover = "manual";
  const said = document.createElement("span");
  said.id = "seqviz-definition";
  said.setAttribute("role", "tooltip");
  const link = document.createElement("a");
  link.target = "_blank";
  link.rel = "noopener";
  tip.append(said, link);
  // Within the main landmark, for who goes through a page by these.
  (document.querySelector("[data-testid=stMain]") ?? document.body).append(tip);
  const player = root.querySelector(".player");
  addStyle(player); // the player has a tree of its own, where the page's rules do not hold
  const over = add(player, "svg", { class: "lit", "aria-hidden": true });
  over.style = "position: absolute; z-index: 2; pointer-events: none; overflow: hidden";
  let open = null; // the word that shows something
  let leaving = null;

  function show(word) {
    clearTimeout(leaving);
    if (open === word) return;
    hide();
    open = word;
    if (word.matches(TERM)) define(word);
    light(word);
  }

  function hide() {
    clearTimeout(leaving);
    if (!open) return;
    open.removeAttribute("aria-describedby");
    if (open.matches(TERM)) open.setAttribute("aria-expanded", "false");
    open = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
    over.replaceChildren();
  }

  function define(word) {
    const [definition, lesson] = word.dataset.definition.split(" → ");
    said.textContent = definition;
    link.hidden = !lesson;
    link.style.display = lesson ? "" : "none";
    if (lesson) {
      link.textContent = `Shown in “${lesson}”`;
      link.href = word.href.split("#")[0];
    }
    const page = getComputedStyle(document.querySelector(".stApp"));
    Object.assign(tip.style, { background: page.backgroundColor, color: page.color, fontFamily: page.fontFamily });
    tip.showPopover();
    word.setAttribute("aria-describedby", said.id);
    word.setAttribute("aria-expanded", "true");
    const at = word.getClientRects()[0];
    const { width, height } = tip.getBoundingClientRect();
    const below = at.bottom + 6;
    const fits = below + height <= window.innerHeight - 8;
    tip.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
    tip.style.top = `${fits ? below : Math.max(8, at.top - height - 6)}px`;
  }

  // Dim all of the picture but a part of it.
  function light(word) {
    const element = chart();
    const boxes = element && boxesOf(element, word.textContent);
    if (!boxes?.length) return;
    const own = over.parentElement.getBoundingClientRect();
    const place = element.getBoundingClientRect();
    const [wide, high] = [element.offsetWidth, element.offsetHeight];
    const scale = place.width / wide || 1; // of all of the page (scaling.js), this drawing too
    const away = (there, here) => `${(there - here) / scale}px`;
    Object.assign(over.style, { top: away(place.top, own.top), left: away(place.left, own.left) });
    over.setAttribute("width", wide);
    over.setAttribute("height", high);
    const page = getComputedStyle(document.querySelector(".stApp"));
    const holes = boxes.map(([x0, y0, x1, y1]) => `M${x0},${y0}H${x1}V${y1}H${x0}Z`).join("");
    const dim = add(over, "path", {
      d: `M0,0H${wide}V${high}H0Z${holes}`, "fill-rule": "evenodd",
      fill: page.backgroundColor, "fill-opacity": 0.72,
    });
    const rim = { d: holes, fill: "none", stroke: page.color, "stroke-width": 2.5, "stroke-linejoin": "round" };
    dim.after(add(over, "path", rim));
  }

  // What a link becomes when it has come: its title would be shown beside its definition.
  function prepare() {
    for (const word of document.querySelectorAll(`:is(${TERM}, a[href="#part"])[title], a[href="#part"]:not([role])`)) {
      word.setAttribute("role", "button");
      if (!word.title) continue;
      word.dataset.definition = word.title;
      word.setAttribute("aria-expanded", "false");
      word.removeAttribute("title");
    }
    if (open && !open.isConnected) hide();
  }

  const wordOf = (event) => event.composedPath().find((one) => one.matches?.(WORD));
  const inside = (event) => event.composedPath().includes(tip);
  const listeners = {
    pointerover(event) {
      if (event.pointerType === "touch") return;
      prepare();
      const word = wordOf(event);
      if (word) show(word);
      else if (inside(event)) clearTimeout(leaving);
    },
    pointerout(event) {
      if (event.pointerType === "touch" || !(wordOf(event) || inside(event))) return;
      clearTimeout(leaving);
      leaving = setTimeout(hide, GRACE);
    },
    focusin(event) {
      prepare();
      const word = wordOf(event);
      if (word) show(word);
      else if (!inside(event)) hide();
    },
    click(event) {
      const word = wordOf(event);
      if (!word) return inside(event) || hide();
      event.preventDefault();
      prepare();
      show(word);
      if (event.detail === 0 && word.matches(TERM) && !link.hidden) link.focus(); // by a key
    },
    keydown(event) {
      if (event.key === "Escape" && open) {
        event.stopPropagation(); // it would leave the slide, too
        const back = inside(event) ? open : null;
        hide();
        back?.focus();
        hide();
      } else if ([" ", "Enter"].includes(event.key) && wordOf(event)) {
        event.preventDefault();
        event.stopPropagation();
        wordOf(event).click();
      }
    },
    scroll: hide,
    resize: hide,
  };
  for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener, true);
  // From one of the player's words to another these do not leave its tree.
  for (const name of ["pointerover", "pointerout", "focusin"])
    root.addEventListener(name, listeners[name], true);

  return {
    prepare,
    // Write a caption, in which words stand for parts of the picture.
    write(caption, text) {
      const known = partsOf(chart());
      const state = `${Object.keys(known)} ${text}`;
      if (caption.dataset.written === state && caption.textContent === text) return;
      if (open && caption.contains(open)) hide();
      caption.replaceChildren(...withParts(text, known));
      caption.dataset.written = state;
    },
    remove() {
      hide();
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener, true);
      for (const name of ["pointerover", "pointerout", "focusin"])
        root.removeEventListener(name, listeners[name], true);
      over.remove();
      tip.remove();
    },
  };
}

function addStyle(place) {
  const style = document.createElement("style");
  style.className = "seqviz-words";
  style.textContent = WORD_RULES;
  place.append(style);
}

// Where a picture says its parts are: see plotly_kit/parts.py.
const partsOf = (element) => element?.layout?.meta?.[1] ?? {};

const FORMS = Object.values(PARTS).flatMap((forms) => forms.split("|"));
const EDGE = "[\\p{L}\\p{N}_-]";
// What was typed stands in quotes.
const PART_WORD = new RegExp(
  `“[^”]*”|(?<!${EDGE})(${FORMS.sort((a, b) => b.length - a.length).join("|")})( \\d+|[₀-₉]+)?(?!${EDGE})`,
  "gu",
);
const WHOLE = Object.entries(PARTS).map(([name, forms]) => [name, new RegExp(`^(?:${forms})$`, "u")]);
const partOf = (word) => WHOLE.find(([, whole]) => whole.test(word))?.[0];
const numberIn = (text) => Number([...text.trim()].map((sign) => (DIGITS.includes(sign) ? DIGITS.indexOf(sign) : sign)).join(""));

// The boxes of a part that a number means, all without one, and whether the number is theirs: what has
// no numbers may stand before any, as in "LSTM 0.2".
function boxesWith(number, rows) {
  const boxes = rows.flatMap(([x0, y0, x1, y1, dx = 0, dy = 0, count = 1, first = -1, ...axes]) =>
    Array.from({ length: count }, (_, k) =>
      [first < 0 ? -1 : first + k, [x0 + k * dx, y0 + k * dy, x1 + k * dx, y1 + k * dy], axes]),
  );
  const theirs = number !== "" && boxes.some(([at]) => at >= 0);
  return [theirs ? boxes.filter(([at]) => at === numberIn(number)) : boxes, theirs];
}

// A caption as text and words that can be pointed at.
function withParts(text, known) {
  const pieces = [];
  let end = 0;
  for (const { 0: all, 1: word, 2: number = "", index } of text.matchAll(PART_WORD)) {
    const rows = word && known[partOf(word)];
    const [boxes, theirs] = rows ? boxesWith(number, rows) : [[]];
    if (!boxes.length) continue;
    const span = document.createElement("span");
    span.textContent = theirs ? all : word;
    span.tabIndex = 0;
    span.dataset.part = "";
    span.setAttribute("role", "button");
    pieces.push(text.slice(end, index), span);
    end = index + span.textContent.length;
  }
  return [...pieces, text.slice(end)];
}

// The boxes, in pixels of the chart, of the part that a word stands for.
function boxesOf(element, text) {
  const known = partsOf(element);
  const full = element._fullLayout;
  const [{ 1: word, 2: number = "" } = {}] = text.matchAll(PART_WORD);
  const rows = word && known[partOf(word)];
  if (!rows || !full) return [];
  const at = (name, value) => {
    if (name === "paper x") return full._size.l + value * full._size.w;
    if (name === "paper y") return full._size.t + (1 - value) * full._size.h;
    const axis = full[name.replace(/^[xy]/, "$&axis")];
    return axis._offset + axis.l2p(value);
  };
  const boxes = boxesWith(number, rows)[0].map(([, [x0, y0, x1, y1], [x = "x", y = "y"]]) => {
    const [ax, ay] = [x === "paper" ? "paper x" : x, y === "paper" ? "paper y" : y];
    const [left, right] = [at(ax, x0), at(ax, x1)].sort((a, b) => a - b);
    const [top, bottom] = [at(ay, y0), at(ay, y1)].sort((a, b) => a - b);
    return [left - 2, top - 2, right + 2, bottom + 2];
  });
  return joined(boxes);
}

// Boxes in which those that follow one another without a space, in a row or a column, are one.
function joined(boxes) {
  const near = (a, b) => Math.abs(a - b) < 1;
  const all = [];
  for (const [left, top, right, bottom] of boxes) {
    const last = all.at(-1) ?? [];
    const below = near(last[0], left) && near(last[2], right) && top <= last[3] && bottom >= last[1];
    const beside = near(last[1], top) && near(last[3], bottom) && left <= last[2] && right >= last[0];
    if (below || beside) {
      all[all.length - 1] = [Math.min(last[0], left), Math.min(last[1], top),
        Math.max(last[2], right), Math.max(last[3], bottom)];
    } else all.push([left, top, right, bottom]);
  }
  return all;
}
