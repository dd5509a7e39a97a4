// Draws each picture of a handout once, as it is at its end; follows preview.js and text_fitting.js.

const fitting = { smallestFont: 8, each, fontIn, fontsOf, layoutFor };
const pictures = JSON.parse(document.getElementById("data").textContent);
for (const place of document.querySelectorAll(".drawn")) {
  const { figure, captions, colours } = pictures[Number(place.dataset.at)];
  const theme = new Map(colours[0]); // paper is light
  const svg = preview(figure, captions.length - 1, place.clientWidth, theme, fitting);
  svg.setAttribute("aria-hidden", "true");
  place.replaceChildren(svg);
}
document.body.dataset.drawn = "true";
