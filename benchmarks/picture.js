// Watches the picture of a lesson page, inside the page, by the page's own clock.
//
// seqvizPicture.watch(selector): from now on, note each key press and the first frame that shows
// another picture under `selector` than there was at the press.
// seqvizPicture.drawn(selector): whether there is a chart there that has been drawn.

window.seqvizPicture = (() => {
  let pressed = null;
  let before = null;
  let selector = null;

  // What is on the screen, as against what is only planned: Plotly fills these layers last. The
  // revision changes with what is drawn (see seqviz/ui/player/player.py).
  function shown(within) {
    const element = document.querySelector(`${within} .js-plotly-plot`);
    if (!element?.querySelector(".heatmaplayer .hm image, .scatterlayer .trace")) return null;
    // A page of others' has no revisions: what its first two curves begin with says as much.
    const curves = (element.data ?? []).slice(0, 2).map(({ y }) => y?.bdata ?? y);
    return element.layout?.datarevision ?? JSON.stringify(curves);
  }

  function look() {
    const now = shown(selector);
    if (now === null || now === before) {
      requestAnimationFrame(look);
      return;
    }
    // The browser paints right after the callbacks of a frame; a message posted in one of them
    // comes after that. (The next frame's callbacks would also wait for whatever else the page
    // does by then, such as its tables below the picture.)
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      window.seqvizPicture.milliseconds = performance.now() - pressed;
    };
    painted.port2.postMessage(null);
  }

  function onKey(event) {
    pressed = event.timeStamp;
    before = shown(selector);
    window.seqvizPicture.milliseconds = null;
    requestAnimationFrame(look);
  }

  return {
    milliseconds: null,
    drawn: (within) => shown(within) !== null,
    watch: (within) => {
      selector = within;
      document.addEventListener("keydown", onKey, true);
    },
  };
})();
