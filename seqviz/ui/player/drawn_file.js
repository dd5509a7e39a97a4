// Plays a picture that stands in a file by itself: drawn by preview.js, to which this is appended.
//
// <script id="drawn">: { figure: Plotly's JSON, captions: one a step, legend: [name, colour] of each,
//                        colours: [for light, for dark], each of a place-holder (theme.py) and what
//                        is painted for it }

const MILLISECONDS = 900;
const SMALLEST_FONT = 8;
// As player.js has it; the functions are those of text_fitting.js.
const fitting = { smallestFont: SMALLEST_FONT, each, fontIn, fontsOf, layoutFor };
const PLAY = "M7 4v16l13-8z";
const PAUSE = "M6 4h4v16H6zM14 4h4v16h-4z";

const { figure, captions, legend, colours } = JSON.parse(document.getElementById("drawn").textContent);
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const place = document.getElementById("picture");
const [range, speed, caption] = ["input", "select", "output"].map((one) => document.querySelector(one));
const buttons = Object.fromEntries(
  [...document.querySelectorAll("button")].map((button) => [button.dataset.go, button]),
);
const last = captions.length - 1;
let step = still.matches ? last : 0;
let timer = null;

// The legend, which preview.js leaves to Plotly.
const swatches = legend.map(([name, colour]) => {
  const item = document.createElement("span");
  item.textContent = `\u25a0 ${name}`;
  document.getElementById("legend").append(item);
  return (theme) => (item.style.color = theme.get(colour) ?? colour);
});

// What is of use on a page only.
for (const name of ["copy", "slide", "back", "on"]) buttons[name].remove();
for (const name of [".preview", ".hint"]) document.querySelector(name).remove();

function draw() {
  const theme = new Map(colours[dark.matches ? 1 : 0]);
  place.replaceChildren(preview(figure, step, place.clientWidth, theme, fitting));
  place.firstChild.setAttribute("aria-hidden", "true");
  swatches.forEach((paint) => paint(theme));
  const focused = document.activeElement;
  range.max = last;
  range.value = step;
  range.setAttribute("aria-valuetext", captions[step]);
  caption.textContent = captions[step];
  caption.setAttribute("aria-live", timer ? "off" : "polite");
  buttons.first.disabled = buttons.previous.disabled = step === 0;
  buttons.next.disabled = buttons.last.disabled = step === last;
  if (focused?.disabled) buttons.play.focus();
  buttons.play.setAttribute("aria-label", timer ? "Pause" : "Play");
  buttons.play.querySelector("path").setAttribute("d", timer ? PAUSE : PLAY);
}

function go(to) {
  step = Math.min(Math.max(to, 0), last);
  draw();
}

function pause() {
  clearTimeout(timer);
  timer = null;
}

function tick(to) {
  pause();
  if (to < last) timer = setTimeout(() => tick(step + 1), MILLISECONDS / speed.value);
  go(to);
}

const actions = {
  first: () => go(0),
  previous: () => go(step - 1),
  next: () => go(step + 1),
  last: () => go(last),
};
function act(name) {
  const plays = timer !== null;
  pause();
  if (name !== "play") actions[name]();
  else if (plays) draw();
  else tick(step === last ? 0 : step);
}
for (const name of ["play", ...Object.keys(actions)]) buttons[name].onclick = () => act(name);
range.oninput = () => {
  pause();
  go(Number(range.value));
};

const KEYS = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last", " ": "play" };
document.onkeydown = (event) => {
  const { target, key } = event;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || target === speed) return;
  if (!(key in KEYS) || (key === " " && target.closest("button, a"))) return;
  event.preventDefault();
  act(KEYS[key]);
};
window.onresize = draw;
dark.onchange = draw;
// A drawing is worth nothing on paper with its end veiled.
window.onbeforeprint = () => { pause(); go(last); };

if (still.matches) draw();
else tick(0);
