// Steps through the frames of a Plotly chart on the same page, without the server.
//
// data: JSON in UTF-8, of
//       { target: key of the container that holds the chart, signature: changes with the picture,
//         step: where it opens, captions: one a step, parameter: name of the step in the URL,
//         revealed: changes when the picture is to be scrolled into view,
//         visited: [lesson, { question: whether the first answer was right }], to be kept; or null,
//         framed: whether all of it is to fit into the window,
//         figure: Plotly's JSON where Plotly may not be loaded yet, for preview.js }
//
// Streamlit's chart bundle puts Plotly on window. The step is written into the address bar with
// replaceState: a reload or a copied link opens there, and the server reads it on its next rerun.

const MILLISECONDS = 900;
const CHECKED = 200; // milliseconds
const WANTS_ARROWS =
  "input, textarea, select, canvas, [contenteditable], [role=slider], [role=radio], " +
  "[role=combobox], [role=listbox], [role=menu], [role=tab], [role=grid]";
const PLAY = "M7 4v16l13-8z";
const PAUSE = "M6 4h4v16H6zM14 4h4v16h-4z";
// Numbers that change from step to step are only seen once all is drawn anew; shapes move without.
const immediate = (redraw) => ({
  mode: "immediate",
  frame: { duration: 0, redraw },
  transition: { duration: 0 },
});

export default living(
  ({ parentElement }, data) => {
    closeDrawer(data.framed);
    if (asksForSlide()) enterSlide();
    return createPlayer(parentElement);
  },
  (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
);

// On a phone, and in a frame, the drawer covers the page that was just chosen from it, and Streamlit
// remembers that it was open: a link would open covered, too.
function closeDrawer(framed) {
  if (window.innerWidth >= 768 && !framed) return;
  localStorage.removeItem("stSidebarCollapsed-");
  document
    .querySelector("[data-testid=stSidebar][data-collapsed=false]")
    ?.querySelector("[data-testid=stSidebarCollapseButton] button")
    ?.click();
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
  let words = null; // of words.js, which may come later

  const last = () => data.captions.length - 1;
  const chart = () => document.querySelector(`.st-key-${data.target} .js-plotly-plot`);

  function draw() {
    const focused = root.activeElement ?? document.activeElement;
    range.max = last();
    range.value = step;
    range.setAttribute("aria-valuetext", data.captions[step]);
    if (words) words.write(caption, data.captions[step]);
    else caption.textContent = data.captions[step];
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
        window.Plotly.animate(element, [String(step)], immediate(hasNumbers(element, step))).catch(
          () => {},
        );
    }
    if (figure) drawLight();
  }

  function drawLight() {
    const own = light.parentElement;
    const place = document.querySelector(`.st-key-${data.target}`);
    if (!place?.offsetWidth || !window.seqvizPreview) return;
    const above = place.getBoundingClientRect().top - own.getBoundingClientRect().top;
    light.style.top = `${above / scale}px`;
    light.dataset.width = light.parentElement.clientWidth;
    const theme = placeholders(root);
    const fitting = { smallestFont: SMALLEST_FONT, each, fontIn, fontsOf, layoutFor };
    light.replaceChildren(window.seqvizPreview(figure, step, place.offsetWidth, theme, fitting));
    const layout = layoutFor(figure.layout, place.offsetWidth);
    light.style.height = `${layout.height}px`;
    makeRoom(place.querySelector(".stElementContainer"), layout);
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

  function leadOn(where) {
    pathLinks(data.target)[where]?.click();
  }

  // What the player looks like in a slide, and how large all of it is.
  function fitWindow() {
    if (!data) return;
    inHead(SLIDE, slideRules(data.target));
    buttons.slide.setAttribute("aria-pressed", isSlide());
    const links = pathLinks(data.target);
    for (const where of ["back", "on"]) {
      buttons[where].hidden = !isSlide() || !links[where];
      buttons[where].textContent = links[where]?.querySelector("p")?.textContent ?? "";
    }
    scaleToWindow(data);
  }

  const actions = {
    copy,
    slide: () => (isSlide() ? leaveSlide() : enterSlide()),
    back: () => leadOn("back"),
    on: () => leadOn("on"),
    first: () => go(0),
    previous: () => go(step - 1),
    play,
    next: () => go(step + 1),
    last: () => go(last()),
  };
  for (const [name, button] of Object.entries(buttons)) {
    button.onclick = () => {
      if (name !== "play" && name !== "slide") pause();
      actions[name]();
      fitWindow();
    };
  }
  range.oninput = () => {
    pause();
    go(Number(range.value));
  };

  const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
  // Those of a hand-held presenter, too.
  const slideKeys = { PageUp: "previous", PageDown: "next", p: "back", n: "on" };
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
    else if (event.key === "f") actions.slide();
    else if (isSlide() && event.key in slideKeys) press(event, slideKeys[event.key]);
    else if (isSlide() && event.key === "Escape") leaveSlide();
    else return;
    fitWindow();
  }
  // A browser leaves its full screen by itself, without a word of the key that was pressed.
  function onFullScreen() {
    if (!document.fullscreenElement) leaveSlide();
    fitWindow();
  }
  document.addEventListener("keydown", onDocumentKey);
  document.addEventListener("fullscreenchange", onFullScreen);

  // The chart comes after the player, comes anew when its theme changes, and shrinks with the page.
  const check = setInterval(() => {
    fadeOnlyIfSlow();
    lookAround();
    fitWindow();
    if (!words && window.seqvizWords) {
      words = window.seqvizWords(root, () => data && chart());
      if (data) draw();
    }
    words?.prepare();
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
    find(".hint").hidden = !hidesNumbers(element);
  }, CHECKED);
  fadeOnlyIfSlow();
  lookAround();
  goBackAtOnce();

  return {
    update(next) {
      const changed = !data || data.signature !== next.signature;
      const asked = data && data.revealed !== next.revealed;
      data = next;
      if (data.visited) remember(...data.visited);
      if (asked) reveal(document.querySelector(`.st-key-${data.target}`));
      if (changed) {
        pause();
        step = Math.min(next.step, next.captions.length - 1);
        shown = null;
        if (figure) endLight();
        // The step that the address asks for may be none of this picture's.
        if (new URL(window.location.href).searchParams.get(data.parameter) !== null) saveSoon();
      }
      if (next.figure && !chart()) figure = next.figure;
      draw();
      fitWindow();
    },
    remove() {
      pause();
      clearTimeout(saving);
      clearInterval(check);
      words?.remove();
      unscale();
      for (const id of [AROUND, UNFADED, SLIDE]) document.getElementById(id)?.remove();
      document.removeEventListener("keydown", onDocumentKey);
      document.removeEventListener("fullscreenchange", onFullScreen);
    },
  };
}

// An example was clicked further down: bring the picture that it changed into view.
function reveal(element, block = "nearest") {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ behavior: still ? "auto" : "smooth", block });
}
