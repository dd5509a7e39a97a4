// Gives this browser a random name, which it keeps, so that a class counts one vote for each.
//
// data: [whether the server knows the name]

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

// Said again until the server has it: what is said while the page still opens can be lost.
export default function ({ data: [known], setStateValue }) {
  if (!known) setStateValue("name", named());
}
