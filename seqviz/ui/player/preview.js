// A picture before Plotly is there: 1.4 MB that a slow network needs eight seconds for.
//
// Draws as much of Plotly's JSON as our figures use: heatmaps, lines, markers, words, bars; shapes
// with labels, which are what moves from step to step; ticks and titles of axes. What it does not
// know it leaves out: Plotly's own drawing takes its place as soon as it can.
//
// The page's first picture needs it, and no other: so it is sent once, and not with the player.

export default function () {
  window.seqvizPreview = preview;
}

const SVG = "http://www.w3.org/2000/svg";
const TYPED = { f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array,
  i2: Int16Array, u2: Uint16Array, i1: Int8Array, u1: Uint8Array };
const DASHES = { dot: "2 3", dash: "6 5", dashdot: "6 4 2 4" };
const OUTLINES = {
  "triangle-up": [[-1, 0.8], [1, 0.8], [0, -1]],
  "triangle-down": [[-1, -0.8], [1, -0.8], [0, 1]],
  "triangle-right": [[-0.8, -1], [-0.8, 1], [1, 0]],
  "triangle-left": [[0.8, -1], [0.8, 1], [-1, 0]],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  "line-ew": [[-1, 0], [1, 0]],
};

// An <svg> of a figure at a step. `colours` has the theme's in place of our place-holders. `fitting`
// is what the player fits text with (text_fitting.js), so that it is sent once; text that would have
// to be smaller than `smallestFont` is left out.
function preview({ data: opened, layout: asGiven, frames }, step, width, colours, fitting) {
  const { smallestFont, each, fontIn, fontsOf, layoutFor } = fitting;
  const layout = layoutFor(asGiven, width);
  const frame = frames?.find(({ name }) => name === String(step));
  const data = opened.map((trace, i) => ({ ...trace, ...frame?.data?.[frame.traces.indexOf(i)] }));
  const { l = 80, r = 80, t = 100, b = 80 } = layout.margin ?? {};
  const area = { x: l, y: t, width: Math.max(width - l - r, 1), height: layout.height - t - b };
  const svg = add(null, "svg", {
    width, height: layout.height, viewBox: `0 0 ${width} ${layout.height}`,
    fill: "none", "font-size": layout.font?.size ?? 12,
  });
  const colour = (value) => colours.get(value?.toLowerCase?.()) ?? value;

  function axis(name = "x") {
    const spec = layout[name[0] + "axis" + name.slice(1)] ?? {};
    const [from, to] = spec.domain ?? [0, 1];
    const [low, high] = spec.range;
    const vertical = name[0] === "y";
    const length = (to - from) * (vertical ? area.height : area.width);
    const start = vertical ? area.y + area.height * (1 - from) : area.x + area.width * from;
    // A name is a category; a number is a place between categories too.
    const place = (value) =>
      typeof value === "string" && spec.categoryarray ? spec.categoryarray.indexOf(value) : value;
    const at = (value) => {
      const share = (place(value) - low) / (high - low);
      return vertical ? start - share * length : start + share * length;
    };
    return { spec, at, place, start, length, perUnit: length / Math.abs(high - low) };
  }

  // The sizes of a trace's text, fitted as the player does with Plotly's.
  function sizes(trace, x, y) {
    if (Array.isArray(trace.meta)) return fontsOf(trace, x.perUnit, y.perUnit);
    return trace.text.map((_, i) => each(trace.textfont?.size ?? 12, i));
  }

  function heatmap(trace) {
    const [x, y] = [axis(trace.xaxis), axis(trace.yaxis ?? "y")];
    const rows = unpack(trace.z);
    const size = Array.isArray(trace.meta)
      ? fontIn(trace.meta, x.perUnit, y.perUnit) : trace.textfont?.size ?? 12;
    const places = /:\.(\d+)f/.exec(trace.texttemplate ?? "")?.[1];
    const written = (i, j, value) => trace.text?.[i][j] ?? (places && value.toFixed(places));
    const xs = edges(unpack(trace.x)?.map(x.place), trace.x0, trace.dx, rows[0]?.length ?? 0);
    const ys = edges(unpack(trace.y)?.map(y.place), trace.y0, trace.dy, rows.length);
    const scale = trace.colorscale.map(([share, paint]) => [share, colour(paint)]);
    rows.forEach((row, i) => row.forEach((value, j) => {
      if (value === null || Number.isNaN(value)) return;
      const [x0, x1] = [x.at(xs[j]), x.at(xs[j + 1])].sort((one, other) => one - other);
      const [y0, y1] = [y.at(ys[i]), y.at(ys[i + 1])].sort((one, other) => one - other);
      const [wide, high] = [x1 - x0 - (trace.xgap ?? 0), y1 - y0 - (trace.ygap ?? 0)];
      add(svg, "rect", {
        x: (x0 + x1 - wide) / 2, y: (y0 + y1 - high) / 2,
        width: Math.max(wide, 0.5), height: Math.max(high, 0.5),
        fill: onScale(scale, (value - trace.zmin) / (trace.zmax - trace.zmin)),
      });
      if (written(i, j, value) !== undefined && size >= smallestFont)
        words(written(i, j, value), (x0 + x1) / 2, (y0 + y1) / 2, {
          size, fill: colour(trace.textfont?.color),
        });
    }));
  }

  function scatter(trace) {
    const [x, y] = [axis(trace.xaxis), axis(trace.yaxis ?? "y")];
    const [xs, ys] = [unpack(trace.x), unpack(trace.y)];
    const points = xs.map((value, i) =>
      value === null || ys[i] === null || Number.isNaN(ys[i]) ? null : [x.at(value), y.at(ys[i])]);
    const mode = trace.mode ?? "lines";
    if (mode.includes("lines") || trace.fill) {
      let pen = "M";
      const d = points.map((point) => {
        if (!point) { pen = "M"; return ""; }
        const part = `${pen}${point}`;
        pen = "L";
        return part;
      }).join("");
      add(svg, "path", {
        d, opacity: trace.opacity ?? 1,
        fill: !trace.fill ? "none" : trace.fillpattern ? hatched(colour(trace.fillpattern.fgcolor))
          : colour(trace.fillcolor) ?? "none",
        stroke: mode.includes("lines") ? colour(trace.line?.color) : "none",
        "stroke-width": trace.line?.width ?? 2, "stroke-dasharray": DASHES[trace.line?.dash],
      });
    }
    const marker = trace.marker ?? {};
    if (mode.includes("markers"))
      points.forEach((point, i) => {
        const size = each(unpack(marker.size ?? 6), i);
        if (point && size)
          mark(String(each(marker.symbol ?? "circle", i)), ...point, size / 2, {
            fill: colour(each(marker.color, i)), opacity: each(marker.opacity ?? 1, i),
            stroke: colour(each(marker.line?.color, i)), wide: each(marker.line?.width ?? 0, i),
          });
      });
    const fonts = mode.includes("text") ? sizes(trace, x, y) : [];
    fonts.forEach((size, i) => {
      const [rise, side] = (each(trace.textposition, i) ?? "middle center").split(" ");
      if (points[i] && size >= smallestFont)
        words(each(trace.text, i), ...points[i], {
          size, fill: colour(each(trace.textfont?.color, i)), rise, side,
        });
    });
  }

  function mark(symbol, x, y, radius, { fill, opacity, stroke, wide }) {
    const drawn = symbol.endsWith("-open") || symbol.startsWith("x") || symbol.startsWith("line");
    const paint = drawn
      ? { opacity, stroke: stroke ?? fill, "stroke-width": wide || 2 }
      : { opacity, fill, stroke, "stroke-width": wide };
    const outline = OUTLINES[symbol.replace("-open", "")];
    if (outline)
      add(svg, "polygon", {
        points: outline.map(([dx, dy]) => [x + dx * radius, y + dy * radius]).join(" "), ...paint,
      });
    else if (symbol.startsWith("x"))
      add(svg, "path", {
        d: `M${x - radius},${y - radius}L${x + radius},${y + radius}` +
          `M${x - radius},${y + radius}L${x + radius},${y - radius}`, ...paint,
      });
    else add(svg, "circle", { cx: x, cy: y, r: radius, ...paint });
  }

  function hatched(stroke) {
    const id = `seqviz-hatch-${svg.querySelectorAll("pattern").length}`;
    const pattern = add(svg, "pattern", {
      id, width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    add(pattern, "line", { x1: 0, x2: 0, y1: 0, y2: 9, stroke, "stroke-width": 2 });
    return `url(#${id})`;
  }

  function bar(trace) {
    const [x, y] = [axis(trace.xaxis), axis(trace.yaxis ?? "y")];
    const each = (values, i, otherwise) => {
      const list = unpack(values ?? otherwise);
      return Array.isArray(list) ? list[i] : list;
    };
    const heights = unpack(trace.y);
    unpack(trace.x).forEach((value, i) => {
      if (!Number.isFinite(heights[i])) return;
      const base = each(trace.base, i, 0);
      const left = x.at(value) + each(trace.offset, i, -0.4) * x.perUnit;
      const [y0, y1] = [y.at(base), y.at(base + heights[i])];
      add(svg, "rect", {
        x: left, width: each(trace.width, i, 0.8) * x.perUnit,
        y: Math.min(y0, y1), height: Math.abs(y1 - y0),
        fill: colour(each(trace.marker?.color, i)),
      });
    });
  }

  function shape(spec) {
    const px = (value) =>
      spec.xref === "paper" ? onPaper("x", value)
      : spec.xsizemode === "pixel" ? axis(spec.xref).at(spec.xanchor) + value
      : axis(spec.xref).at(value);
    const py = (value) =>
      spec.yref === "paper" ? onPaper("y", value)
      : spec.ysizemode === "pixel" ? axis(spec.yref ?? "y").at(spec.yanchor) - value
      : axis(spec.yref ?? "y").at(value);
    const [x0, x1, y0, y1] = [px(spec.x0), px(spec.x1), py(spec.y0), py(spec.y1)];
    if (![x0, x1, y0, y1].every(Number.isFinite)) return;
    const paint = {
      opacity: spec.opacity ?? 1, fill: colour(spec.fillcolor) ?? "none",
      stroke: spec.line?.width === 0 ? "none" : colour(spec.line?.color),
      "stroke-width": spec.line?.width ?? 2, "stroke-dasharray": DASHES[spec.line?.dash],
    };
    const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
    const [wide, high] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
    if (spec.type === "line") add(svg, "line", { x1: x0, y1: y0, x2: x1, y2: y1, ...paint });
    else if (spec.type === "circle")
      add(svg, "ellipse", {
        cx: left + wide / 2, cy: top + high / 2, rx: wide / 2, ry: high / 2, ...paint,
      });
    else add(svg, "rect", { x: left, y: top, width: wide, height: high, ...paint });
    const { label } = spec;
    if (!label?.text) return;
    const style = { size: label.font?.size, fill: colour(label.font?.color), opacity: paint.opacity };
    if (label.textposition === "end")
      words(label.text, x1, y1, { ...style, side: { left: "right", right: "left" }[label.xanchor] });
    else words(label.text, left + wide / 2, top + high / 2, style);
  }

  const onPaper = (name, share) =>
    name === "y" ? area.y + area.height * (1 - share) : area.x + area.width * share;

  function annotate(spec) {
    if (spec.xref !== "paper" || spec.yref !== "paper") return;
    const [x, y] = [onPaper("x", spec.x) + (spec.xshift ?? 0), onPaper("y", spec.y) - (spec.yshift ?? 0)];
    const element = words(spec.text, x, y, {
      size: spec.font?.size, fill: colour(spec.font?.color),
      rise: { top: "bottom", bottom: "top" }[spec.yanchor],
      side: spec.textangle ? "center" : { left: "right", right: "left" }[spec.xanchor],
    });
    if (spec.textangle) element.setAttribute("transform", `rotate(${spec.textangle} ${x} ${y})`);
  }

  function ticks(name) {
    const { spec, at } = axis(name);
    if (spec.visible === false || spec.showticklabels === false) return;
    const vertical = name[0] === "y";
    const { dtick: every = 1, tick0 = 0 } = spec;
    const names = spec.labelalias ? spec.categoryarray.filter((_, k) => k % every === tick0) : [];
    const values = spec.tickvals ?? names;
    const style = { size: spec.tickfont?.size, fill: colour(spec.tickfont?.color) };
    const below = area.y + area.height;
    values.forEach((value, i) => {
      const text = spec.ticktext?.[i] ?? spec.labelalias?.[value] ?? value;
      if (vertical) words(text, area.x - 6, at(value), { ...style, side: "left" });
      else words(text, at(value), below + 4, { ...style, rise: "bottom" });
    });
  }

  function axisLine(name) {
    const { spec, start, length } = axis(name);
    if (spec.visible === false || !spec.showline) return;
    const below = area.y + area.height;
    const ends = name[0] === "y"
      ? { x1: area.x, x2: area.x, y1: start, y2: start - length }
      : { x1: start, x2: start + length, y1: below, y2: below };
    add(svg, "line", {
      ...ends, stroke: colour(spec.linecolor), "stroke-width": spec.linewidth ?? 1,
    });
  }

  // Plotly's text knows a little HTML. It is read, never inserted: only words come out.
  function words(text, x, y, { size, fill, rise = "middle", side = "center", opacity }) {
    const lines = [[]];
    (function read(node, bold) {
      if (node.nodeName === "BR") lines.push([]);
      else if (node.nodeType === Node.TEXT_NODE) lines.at(-1).push([node.nodeValue, bold]);
      node.childNodes.forEach((child) => read(child, bold || child.nodeName === "B"));
    })(new DOMParser().parseFromString(String(text), "text/html").body, false);
    const high = (size ?? layout.font?.size ?? 12) * 1.3;
    const first = { middle: -(lines.length - 1) / 2, top: -(lines.length - 0.5), bottom: 0.6 }[rise];
    const element = add(svg, "text", {
      "font-size": size, fill: fill ?? colour(layout.font?.color), opacity,
      "text-anchor": { left: "end", right: "start" }[side] ?? "middle",
      "dominant-baseline": "central",
    });
    lines.forEach((runs, i) => {
      const line = add(element, "tspan", {
        x: x + ({ left: -3, right: 3 }[side] ?? 0), y: y + (first + i) * high,
      });
      runs.forEach(([word, bold]) => {
        add(line, "tspan", { "font-weight": bold ? "bold" : undefined }).textContent = word;
      });
    });
    return element;
  }

  const moves = frame?.layout?.shapes ?? [];
  const shapes = (layout.shapes ?? []).map((look, i) => ({
    ...look, ...moves[i], label: { ...look.label, ...moves[i]?.label },
  }));
  shapes.filter((one) => one.layer === "below").forEach(shape);
  for (const [type, draw] of Object.entries({ heatmap, bar, scatter })) // as Plotly piles them
    data.filter((trace) => trace.type === type && trace.visible !== false).forEach(draw);
  shapes.filter((one) => one.layer !== "below").forEach(shape);
  (layout.annotations ?? []).forEach(annotate);
  for (const key of Object.keys(layout).filter((key) => /^[xy]axis/.test(key))) {
    axisLine(key.replace("axis", ""));
    ticks(key.replace("axis", ""));
  }
  return svg;
}

function add(parent, name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== null) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

// An array as Plotly packs it: in base64, with a shape if it has two dimensions.
function unpack(values) {
  if (!values?.bdata) return values;
  const bytes = Uint8Array.from(atob(values.bdata), (character) => character.charCodeAt(0));
  const flat = Array.from(new TYPED[values.dtype](bytes.buffer));
  if (!values.shape) return flat;
  const [rows, columns] = String(values.shape).split(",").map(Number);
  return Array.from({ length: rows }, (_, i) => flat.slice(i * columns, (i + 1) * columns));
}

// Where the cells of a heatmap begin and end, along one axis.
function edges(given, first = 0, apart = 1, count) {
  const values = given ?? Array.from({ length: count }, (_, i) => first + i * apart);
  if (values.length === count + 1) return values;
  const step = count > 1 ? values[1] - values[0] : apart;
  return [...values.map((value) => value - step / 2), values[count - 1] + step / 2];
}

function onScale(scale, share) {
  const at = Math.min(Math.max(share, 0), 1);
  const next = Math.max(scale.findIndex(([place]) => place >= at), 1);
  const [[from, one], [to, other]] = [scale[next - 1], scale[next]];
  const part = (at - from) / (to - from || 1);
  const [first, second] = [channels(one), channels(other)];
  const [r, g, b, alpha] = first.map((value, i) => value + part * (second[i] - value));
  return `rgba(${[r, g, b].map(Math.round)},${alpha})`;
}

// Of a colour such as #1f2430 or rgba(31,36,48,0.3): red, green, blue and how opaque it is.
function channels(colour) {
  if (colour[0] !== "#") return [...colour.match(/[\d.]+/g).map(Number), 1].slice(0, 4);
  return [...[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)), 1];
}
