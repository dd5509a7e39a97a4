// What the player does to the page around it. A part of player.js, to which it is appended.

// Where nothing hovers, Plotly would keep its button over the picture for good. And Streamlit shows
// focus on switches, answers and links only as a pale background.
const AROUND = "seqviz-around";
// On a phone the sidebar is a sheet at the bottom: the picture that it changes is to be seen above it.
// And the player stays in sight under a picture that is higher than the screen.
const SHEET = "42dvh";
const RULES = `
@media (hover: none) { .modebar-container { display: none !important } }
:is(.stCheckbox, .stRadio) label:has(input:focus-visible), a[data-testid^="stPageLink"]:focus-visible {
  outline: 3px solid currentColor; outline-offset: 2px; border-radius: 0.25rem;
}
@media (max-width: 767px) {
  .stApp [data-testid=stHeader] { height: 2.5rem; min-height: 2.5rem }
  .stMainBlockContainer { padding-top: 2.5rem }
  .stHeading h1 { padding-top: 0.25rem }
  .stAppViewContainer [data-testid=stSidebar] {
    position: fixed !important; top: auto; bottom: 0; left: 0;
    width: 100vw !important; min-width: 100vw; max-width: 100vw; height: ${SHEET} !important;
    border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    border-radius: 0.75rem 0.75rem 0 0; box-shadow: 0 0 1rem rgb(0 0 0 / 25%);
  }
  .stAppViewContainer [data-testid=stSidebar][data-collapsed=true] { display: none }
  .stAppViewContainer:has([data-testid=stSidebar][data-collapsed=false]) [data-testid=stHeader] {
    display: none
  }
  [data-testid=stSidebarCollapseButton] { transform: rotate(-90deg) }
  [data-testid=stSidebarHeader] { height: 2.5rem; margin: 0; padding-block: 0.25rem }
  [data-testid=stSidebarResizeHandle] { display: none }
  [data-testid=stSidebar][data-collapsed=false] ~ * .stMainBlockContainer { padding-bottom: ${SHEET} }
  .stElementContainer[class*=_player] { position: sticky; bottom: 0; z-index: 2 }
  [data-testid=stSidebar][data-collapsed=false] ~ * .stElementContainer[class*=_player] { bottom: ${SHEET} }
}`;

// Rules for what is not the player's own; and what Plotly draws is not read out word by word, since
// the chart has a description, the player a caption, and the page a table.
function lookAround() {
  inHead(AROUND, RULES);
  sheetUnderPicture();
  for (const svg of document.querySelectorAll(".js-plotly-plot .main-svg:not([aria-hidden])"))
    svg.setAttribute("aria-hidden", "true");
}

let sheetIsOpen = false;
function sheetUnderPicture() {
  const opened = !!document.querySelector("[data-testid=stSidebar][data-collapsed=false]");
  if (opened && !sheetIsOpen && window.innerWidth < 768)
    reveal(document.querySelector(".js-plotly-plot"), "start");
  sheetIsOpen = opened;
}

// A style sheet of the document's own, by its id.
function inHead(id, rules) {
  let style = document.getElementById(id);
  if (!style) {
    style = document.createElement("style");
    style.id = id;
    style.textContent = rules;
    document.head.append(style);
  }
  return style;
}

// While a page is computed anew Streamlit fades all that is still of the run before, and from the
// first moment has the browser keep each of these parts in a layer of its own: 15 to 30 ms of every
// change. So nothing fades until it has been old for half a second.
const UNFADED = "seqviz-unfaded";
const HALF_A_SECOND = 500 / CHECKED;
let old = 0; // checks in a row that found something of the run before
function fadeOnlyIfSlow() {
  const style = inHead(UNFADED, ".stElementContainer { opacity: 1 !important }");
  old = document.querySelector('.stElementContainer[data-stale="true"]') ? old + 1 : 0;
  style.disabled = old > HALF_A_SECOND;
}

// Following a link with parameters, Streamlit first writes them into the address of the page that is
// left, as an entry of its own, and then goes on. What the session knows of the other page it adds
// before or after that, as one more. Back would lead to states that never were: so it goes on in
// their place. (A control that is moved makes no entry.)
function goBackAtOnce() {
  const push = window.history.pushState;
  if (push.atOnce) return;
  let leaving = null; // address, with another page's parameters
  let arrived = null; // path
  window.history.pushState = function (state, title, url) {
    const { pathname, search, href } = window.location;
    const next = new URL(url ?? href, href);
    const stays = next.pathname === pathname;
    const here = [...new URLSearchParams(search)];
    const own = `${pathname.replace(/\/$/, "").split("/").pop() || "home"}_`;
    const added = [...next.searchParams.keys()].filter((name) => !here.some(([old]) => old === name));
    const foreign = added.some((name) => !name.startsWith(own));
    const keeps = here.every(([name, value]) => next.searchParams.get(name) === value);
    const leaves = leaving === href && (stays || next.search === search);
    const arrives = arrived === pathname && stays && keeps && !foreign;
    if (leaves || arrives) window.history.replaceState(state, title, url);
    else push.call(window.history, state, title, url);
    leaving = stays && (leaves || foreign) ? next.href : null;
    if (!stays) arrived = next.pathname;
  };
  window.history.pushState.atOnce = true;
}
