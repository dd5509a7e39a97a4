// Gives this browser a random name, which it keeps, so that a class counts one vote for each.

const NAMED = "seqviz-browser"; // in localStorage
const SOUND = /^[0-9a-f]{32}$/;

function named() {
  const made = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  try {
    const before = window.localStorage.getItem(NAMED);
    if (SOUND.test(before)) return before;
    window.localStorage.setItem(NAMED, made);
  } catch {
    return made; // a browser that keeps nothing in a frame: one name for each page
  }
  return made;
}

const told = new WeakSet();

export default function ({ parentElement, setStateValue }) {
  if (told.has(parentElement)) return;
  told.add(parentElement);
  setStateValue("name", named());
}
