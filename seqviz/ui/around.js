// What the player does to the page around it. A part of player.js, to which it is appended.

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

// Following a link with parameters, Streamlit first writes them into the address of the page that is
// left, as an entry of its own, then those that the session knows of the other page, as another, and
// then goes on: Back would lead to states that never were. So go on in their place.
function goBackAtOnce() {
  const push = window.history.pushState;
  if (push.atOnce) return;
  let pushed = null;
  window.history.pushState = function (state, title, url) {
    const { pathname, search, href } = window.location;
    const next = new URL(url ?? href, href);
    const stays = next.pathname === pathname;
    if (pushed === href && (stays || next.search === search))
      window.history.replaceState(state, title, url);
    else push.call(window.history, state, title, url);
    const own = `${pathname.split("/").pop() || "home"}_`;
    const foreign = [...next.searchParams.keys()].some((name) => !name.startsWith(own));
    pushed = stays && foreign ? next.href : null;
  };
  window.history.pushState.atOnce = true;
}
