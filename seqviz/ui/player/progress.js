// Shows what kept.js keeps: as marks at the links to lessons, or as "7 of 9" of each track.
//
// data: [{ tracks: [{ title, lessons: { lesson: { title, questions: { name: { title, state } } } } }],
//          shows: "marks", "sums" or "all" }]
//
// Nothing that was kept is shown itself: it only says which of these there is something to say of.

const LINKS = "[data-testid=stSidebar] a, [class*=st-key-home_track] a";
const MARKS = "seqviz-marks";
const MARK = `a[data-kept]::after {
  content: attr(data-kept); margin-left: auto; padding-left: 0.5rem; font-size: 0.85em; white-space: nowrap;
  color: var(--kept);
}
[data-testid=stSidebar] a[data-testid=stPageLink-NavLink] :is(span, p) {
  overflow: visible; white-space: normal;
}`;
const LOOKED = 500; // milliseconds between two looks for links that were drawn anew
const PLACE = ["embed", "embed_options", "show"]; // what of an address goes along

export default living(({ parentElement, setTriggerValue }) =>
  create(parentElement, () => setTriggerValue("forgotten", true)));

function create(root, onForgotten) {
  const box = root.querySelector(".progress");
  let data = null;
  const draw = () => {
    if (data.shows === "marks") mark(data);
    else sum(box, data, onForgotten);
  };
  const look = setInterval(() => data?.shows === "marks" && mark(data), LOOKED);
  window.addEventListener(KEPT_CHANGED, draw);
  window.addEventListener("storage", draw); // of another tab
  return {
    update(next) {
      data = next;
      draw();
    },
    remove() {
      clearInterval(look);
      window.removeEventListener(KEPT_CHANGED, draw);
      window.removeEventListener("storage", draw);
    },
  };
}

const rightOf = (questions, answers) => Object.keys(questions).filter((name) => answers?.[name]);

function mark({ tracks }) {
  if (!document.getElementById(MARKS)) {
    const style = document.createElement("style");
    style.id = MARKS;
    style.textContent = MARK;
    document.head.append(style);
  }
  const all = kept() ?? {};
  const lessons = Object.assign({}, ...tracks.map((track) => track.lessons));
  for (const link of document.querySelectorAll(LINKS)) {
    // The address of home may be empty, which is that of any page.
    const lesson = link.getAttribute("href").split("?")[0].split("/").pop();
    const answers = Object.hasOwn(lessons, lesson) ? all[lesson] : undefined;
    if (!answers) delete link.dataset.kept;
    else {
      const { questions } = lessons[lesson];
      const right = rightOf(questions, answers).length;
      link.style.setProperty("--kept", getComputedStyle(link.querySelector("p") ?? link).color);
      link.dataset.kept = right ? `\u2713 ${right}/${Object.keys(questions).length}` : "\u2713";
    }
  }
}

function sum(box, { tracks, shows }, onForgotten) {
  const all = kept() ?? {};
  const parts = tracks.flatMap((track) => ofTrack(track, all, shows === "all"));
  box.hidden = !parts.length;
  box.replaceChildren(...parts);
  if (box.hidden) return;
  const forget = make("button", "Forget it");
  forget.type = "button";
  forget.onclick = () => {
    keep(null);
    onForgotten();
  };
  const about = shows === "all" ? "" : "\u2713 marks lessons that you visited, and how many of their questions you answered so. ";
  box.append(make("p", `${about}It is kept in this browser only. `, forget));
}

function ofTrack({ title, lessons }, all, listed) {
  const visited = Object.keys(lessons).filter((lesson) => all[lesson]);
  if (!visited.length) return [];
  const asked = Object.entries(lessons).flatMap(([lesson, { title, questions }]) =>
    Object.entries(questions).map(([name, one]) => ({
      lesson, name, in: title, ...one, right: all[lesson]?.[name],
    })));
  const right = asked.filter((one) => one.right).length;
  const said = make("p", make("strong", `${title}: ${right} of ${asked.length}`),
    ` questions answered rightly at the first try, ${visited.length} of ` +
      `${Object.keys(lessons).length} lessons visited.`);
  if (!listed) return [said];
  return [
    said,
    ...list("Not at the first try:", asked.filter((one) => one.right === false)),
    ...list("Not answered yet:", asked.filter((one) => one.right === undefined)),
  ];
}

function list(label, questions) {
  if (!questions.length) return [];
  const lessons = [...new Set(questions.map((one) => one.in))];
  const items = lessons.map((lesson) => {
    const links = questions.filter((one) => one.in === lesson).map(linkTo);
    return make("li", `${lesson}: `, ...links.flatMap((link, i) => (i ? [" \u00b7 ", link] : [link])));
  });
  return [make("p", label), make("ul", ...items)];
}

function linkTo({ lesson, name, title, state }) {
  const link = make("a", title);
  const address = new URL(window.location.href);
  const settings = { ...state, [`${lesson}_ask`]: name };
  for (const part of PLACE)
    if (address.searchParams.has(part)) settings[part] = address.searchParams.get(part);
  address.pathname = address.pathname.replace(/[^/]*$/, lesson);
  address.search = new URLSearchParams(settings);
  link.href = address;
  return link;
}

function make(name, ...content) {
  const element = document.createElement(name);
  element.append(...content);
  return element;
}
