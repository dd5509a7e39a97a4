// Watches the picture of a lesson page, inside the page, by the page's own clock.
//
// seqvizPicture.watch(selector): from now on, note each key press and the first frame in which
// the chart under `selector` shows heatmaps of another size than it did at the press.
// seqvizPicture.drawn(selector): whether there is a chart there that has been drawn.

window.seqvizPicture = (() => {
  let pressed = null;
  let before = null;
  let selector = null;

  const chart = (within) => document.querySelector(`${within} .js-plotly-plot`);

  // What is on the screen, as against what is only planned: Plotly fills this layer last.
  function sizes(within) {
    const element = chart(within);
    const traces = element?._fullData;
    if (!traces || !element.querySelector(".heatmaplayer .hm image")) return null;
    return traces.filter((t) => t.type === "heatmap").map((t) => `${t.z?.length}×${t.z?.[0]?.length}`).join();
  }

  function look() {
    const now = sizes(selector);
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
    before = sizes(selector);
    window.seqvizPicture.milliseconds = null;
    requestAnimationFrame(look);
  }

  return {
    milliseconds: null,
    drawn: (within) => sizes(within) !== null,
    watch: (within) => {
      selector = within;
      document.addEventListener("keydown", onKey, true);
    },
  };
})();
