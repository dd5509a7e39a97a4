// What a lesson's questions were answered, out of what kept.js keeps: to copy, to save, and for the
// page around this one (a learning platform's frame), which is sent the numbers alone.
//
// data: [{ title, hash, type: of the message, steps: [{ page, title, questions: { name: title } }] }]

export default living(({ parentElement }) => receiptIn(parentElement));

function receiptIn(root) {
  const within = (selector) => root.querySelector(selector);
  let data = null;
  let text = "";
  const draw = () => {
    const { lines, right, answered, of } = read(data);
    within(".sum").textContent = `Right at the first try: ${right} of ${of}; answered: ${answered}.`;
    within("ul").replaceChildren(
      ...lines.map((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        return item;
      }),
    );
    text = [
      data.title,
      `Lesson ${data.hash}`,
      within(".sum").textContent,
      ...lines.map((line) => `- ${line}`),
    ].join("\n");
    // Nothing secret: whoever frames the page may know how far its reader is.
    if (window.parent !== window) {
      window.parent.postMessage({ type: data.type, lesson: data.hash, right, answered, of }, "*");
    }
  };
  within("[data-do=copy]").onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      within(".said").textContent = "Copied.";
    } catch {
      within(".said").textContent = "This browser does not let pages copy. Save it instead.";
    }
  };
  within("[data-do=save]").onclick = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = `receipt_${data.hash}.txt`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  window.addEventListener(KEPT_CHANGED, draw);
  return {
    update(next) {
      data = next;
      draw();
    },
    remove() {
      window.removeEventListener(KEPT_CHANGED, draw);
    },
  };
}

function read({ steps }) {
  const all = kept() ?? {};
  const lines = [];
  let [right, answered, of] = [0, 0, 0];
  for (const { page, title, questions } of steps) {
    for (const [name, about] of Object.entries(questions)) {
      const answer = all[page]?.[name];
      of += 1;
      if (answer !== undefined) answered += 1;
      if (answer) right += 1;
      const said = answer === undefined ? "not answered" : answer ? "right" : "not at the first try";
      lines.push(`${title}, ${about}: ${said}`);
    }
  }
  return { lines, right, answered, of };
}
