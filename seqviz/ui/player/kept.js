// What was visited and answered, kept in this browser and nowhere else:
//
// { lesson: { question: whether the first answer was right } }, of each lesson that was visited.
//
// A part of player.js, which writes it, and of progress.js, which shows it.

const KEPT = "seqviz-path"; // in localStorage
const KEPT_CHANGED = "seqviz-kept"; // an event
const LONGEST = 20_000; // characters that are read
const MOST = 50; // lessons, and questions of each
const NAME = /^[a-z][a-z0-9_]{0,39}$/;

// Whatever stands there: it may be anybody's.
function kept() {
  try {
    const text = window.localStorage.getItem(KEPT) ?? "{}";
    return text.length > LONGEST ? {} : sound(JSON.parse(text), (answers) =>
      sound(answers, (right) => (typeof right === "boolean" ? right : null)));
  } catch {
    return {}; // no JSON, or a browser that keeps nothing in a frame
  }
}

function sound(value, each) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => NAME.test(name))
      .slice(0, MOST)
      .map(([name, one]) => [name, each(one)])
      .filter(([, one]) => one !== null),
  );
}

function remember(lesson, answers) {
  const all = kept() ?? {};
  const now = { ...answers, ...all[lesson] }; // the first answer stays
  if (all[lesson] && Object.keys(now).length === Object.keys(all[lesson]).length) return;
  keep({ ...all, [lesson]: now });
}

function keep(all) {
  try {
    if (all) window.localStorage.setItem(KEPT, JSON.stringify(all));
    else window.localStorage.removeItem(KEPT);
  } catch {
    return; // full, or not allowed: nothing is kept then
  }
  window.dispatchEvent(new Event(KEPT_CHANGED));
}
