// Plays a lesson that stands in one file: steps, questions, pictures in chosen states.
//
// <script id="data">: { frame: a page that draws a picture, placeholder: where its data goes,
//                       steps: [{ controls: names, pictures: { values as JSON: { drawn, alt, rows } } }] }

const { frame, placeholder, steps } = JSON.parse(document.getElementById("data").textContent);
const sections = [...document.querySelectorAll("section")];
const buttons = [...document.querySelectorAll("nav button[data-step]")];
const first = new Map(); // by question: whether the first answer was right
let open = 0;

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

async function draw(at) {
  const section = sections[at];
  const values = [...section.querySelectorAll(".controls select")].map((one) => one.value);
  const picture = steps[at].pictures[JSON.stringify(values)];
  const missing = section.querySelector(".missing");
  if (missing) missing.hidden = Boolean(picture);
  if (!picture) return;
  const within = section.querySelector("iframe");
  const data = await unpacked(picture.drawn);
  // A function, since a dollar sign in the data would else be read as a pattern.
  within.srcdoc = frame.replace(placeholder, () => data);
  within.title = picture.alt;
  within.onload = () => fit(within);
  const [head, ...rows] = picture.rows;
  const table = section.querySelector("table");
  table.replaceChildren(line("th", head), ...rows.map((row) => line("td", row)));
}

function fit(within) {
  const inner = within.contentDocument;
  inner.querySelectorAll("h1, body > p").forEach((one) => one.remove()); // said around it already
  const resize = () => (within.style.height = `${inner.documentElement.scrollHeight}px`);
  new ResizeObserver(resize).observe(inner.body);
  resize();
}

function line(kind, cells) {
  const row = document.createElement("tr");
  row.append(
    ...cells.map((text) => {
      const cell = document.createElement(kind);
      cell.textContent = text;
      return cell;
    }),
  );
  return row;
}

function show(at) {
  open = at;
  sections.forEach((section, i) => (section.hidden = i !== at));
  buttons.forEach((button, i) => {
    if (i === at) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
  document.getElementById("back").disabled = at === 0;
  document.getElementById("next").disabled = at === sections.length - 1;
  draw(at);
}

function unveil(section) {
  section.querySelector(".picture").classList.remove("veiled");
  section.querySelector(".pass")?.remove();
}

function score() {
  const right = [...first.values()].filter(Boolean).length;
  const all = document.querySelectorAll("fieldset").length;
  if (all) document.getElementById("score").textContent = `Right at the first try: ${right} of ${all}.`;
}

sections.forEach((section, at) => {
  section.querySelectorAll("fieldset").forEach((asked) => {
    asked.onchange = ({ target }) => {
      if (!first.has(target.name)) first.set(target.name, target.dataset.right === "1");
      asked.querySelectorAll(".why").forEach((why) => {
        const chosen = why.closest("label").contains(target);
        why.hidden = !chosen && !why.classList.contains("right");
      });
      const answered = [...section.querySelectorAll("fieldset")].every((one) =>
        one.querySelector("input:checked"),
      );
      if (answered) unveil(section);
      score();
    };
  });
  const pass = section.querySelector(".pass");
  if (pass) pass.onclick = () => unveil(section);
  section.querySelectorAll(".controls select").forEach((one) => (one.onchange = () => draw(at)));
});
buttons.forEach((button, at) => (button.onclick = () => show(at)));
document.getElementById("back").onclick = () => show(open - 1);
document.getElementById("next").onclick = () => show(open + 1);
score();
show(0);
