// Makes the picture, with its question and its player, as large as a frame or a whole screen allows.
// A part of player.js, to which it is appended.
//
// All of it by one factor, type too: so nothing that has room at the usual size gets into the way of
// something else.

const SMALLEST_SCALE = 0.6;
const LARGEST_SCALE = 4;
const NARROWEST = 640; // pixels of the usual size that a picture needs from left to right
const TRIES = 4; // times that a change of the width may change how high all of it is
const CHANGED =
  ["transform", "transform-origin", "align-self", "margin-right", "width", "min-width", "max-width"];

let scale = 1;
let scaledFor = null; // what it was scaled for
let tries = 0;

function scaleToWindow({ target, framed, signature }) {
  const block = document.querySelector(".stMainBlockContainer");
  const picture = document.querySelector(`.st-key-${target}`);
  if (!block || !picture?.offsetWidth) return;
  const slide = isSlide();
  if (!slide && !framed) return unscale();
  measureUnscaled();
  const wide = block.parentElement.clientWidth;
  const high = window.innerHeight;
  const asked = document.querySelector(`.st-key-${target.replace(/picture$/, "asks")}`);
  const purpose = [wide, high, slide, signature, asked?.offsetHeight].join();
  if (purpose !== scaledFor) [scaledFor, tries] = [purpose, 0];
  const needed = (picture.getBoundingClientRect().bottom - block.getBoundingClientRect().top) / scale;
  const most = slide ? Math.min(LARGEST_SCALE, wide / NARROWEST) : 1;
  const next = Math.max(Math.min((high - 2) / (needed + 2), most), Math.min(SMALLEST_SCALE, most));
  // After that only smaller: or it would grow and shrink with how long each caption is.
  if (Math.abs(next - scale) < 0.002 || (tries >= TRIES && next > scale)) return;
  tries++;
  scale = next;
  const width = `${wide / scale}px`;
  Object.assign(block.style, {
    transform: scale === 1 ? "" : `scale(${scale})`,
    transformOrigin: "0 0",
    alignSelf: "flex-start",
    marginRight: scale < 1 ? `${wide - wide / scale}px` : "", // or the page would scroll sideways
    ...{ width, minWidth: width, maxWidth: width },
  });
}

function unscale() {
  if (!scaledFor) return;
  [scaledFor, scale] = [null, 1];
  const style = document.querySelector(".stMainBlockContainer")?.style;
  for (const name of CHANGED) style?.removeProperty(name);
}

// Streamlit measures the room of a chart as it is to be seen, and has the chart drawn in that size:
// it would be scaled twice.
const MEASURED = ".stPlotlyChart, [data-testid=stFullScreenFrame]";
function measureUnscaled() {
  const measure = Element.prototype.getBoundingClientRect;
  if (measure.unscaled) return;
  Element.prototype.getBoundingClientRect = function () {
    const { x, y, width, height } = measure.call(this);
    const by = this.matches(MEASURED) ? scale : 1;
    return new DOMRect(x, y, width / by, height / by);
  };
  Element.prototype.getBoundingClientRect.unscaled = true;
}
