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
