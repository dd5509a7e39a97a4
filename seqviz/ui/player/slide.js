// The slide: nothing but the title, the question, the picture and the player, in full screen where the
// browser allows it. A part of player.js, to which it is appended.
//
// Which it is stands at the root of the document, and so stays from lesson to lesson.

const SLIDE = "seqviz-slide";
const PARAMETER = "slide"; // of an address that opens so

const isSlide = () => document.documentElement.classList.contains(SLIDE);

function slideRules(target) {
  const page = target.replace(/_picture$/, "");
  return `
.${SLIDE} :is([data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton]) {
  display: none !important
}
.${SLIDE} .stMainBlockContainer { padding: 0.25rem 1rem }
.${SLIDE} .stMainBlockContainer > .stVerticalBlock { gap: 0.25rem }
.${SLIDE} .st-key-${page}_asks { margin-block: 0 !important; padding: 0 }
.${SLIDE} .stMainBlockContainer > .stVerticalBlock > :not(
  :has(> .st-key-${page}_asks), :has(> .st-key-${target}),
  :has(> .stHeading):has(~ * > .st-key-${target})
) { display: none }
.${SLIDE} :has(> .stHeading):has(~ * > .st-key-${target}) h1 { padding: 0; font-size: 1.1rem }`;
}

function enterSlide() {
  document.documentElement.classList.add(SLIDE);
  // Without a click or a key there is no full screen, nor in a frame that is not allowed to.
  document.documentElement.requestFullscreen?.().catch(() => {});
}

function leaveSlide() {
  document.documentElement.classList.remove(SLIDE);
  if (document.fullscreenElement) document.exitFullscreen();
  const url = new URL(window.location.href);
  if (!url.searchParams.has(PARAMETER)) return;
  url.searchParams.delete(PARAMETER);
  window.history.replaceState(window.history.state, "", url);
}

const asksForSlide = () =>
  new URL(window.location.href).searchParams.get(PARAMETER) === "true";

// The links at the foot of a lesson, which are hidden, but work.
function pathLinks(target) {
  const path = `.st-key-${target.replace(/_picture$/, "_path")} .stHorizontalBlock >`;
  return {
    back: document.querySelector(`${path} :first-child a`),
    on: document.querySelector(`${path} :nth-child(2) a`),
  };
}
