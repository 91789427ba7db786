// Keys for the desk: j and k walk the list, arrows turn pages, / goes to the search. Every page works without it.
"use strict";
(function () {
  const typing = (element) => element && element.closest("input, textarea, select, [contenteditable]");
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  function walk(step) {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
    all[next].focus();
    all[next].closest("tr, li").scrollIntoView({ block: "nearest" });
  }
  function follow(selector) {
    const found = document.querySelector(selector);
    if (found) found.click();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const deeds = {
      j: () => walk(1),
      k: () => walk(-1),
      ArrowRight: () => follow("a[rel=next]"),
      ArrowLeft: () => follow("a[rel=prev]"),
      u: () => follow("a[data-up]"),
      "/": () => {
        const field = document.querySelector("[data-search]");
        if (field) field.focus();
        else follow("a[data-search-page]");
      },
    };
    const deed = deeds[event.key];
    if (deed) {
      event.preventDefault();
      deed();
    }
  });
  // A second press while the first is on its way would be answered with "somebody was faster": by oneself.
  // A download leaves the page as it is, and may be asked for again.
  document.addEventListener("submit", (event) => {
    if ("download" in event.target.dataset) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });
  // "What next" may be taller than the window: a line at its edge says so, and a press on it leads on.
  const next = document.querySelector(".case > aside");
  const below = next && next.querySelector(".below");
  if (below) {
    let pressed = false; // what is pressed stays under the finger: a button that moved away would not be pressed
    const look = () => {
      if (pressed) return;
      const top = Math.max(16, next.getBoundingClientRect().top); // lower while the page's head is in the window
      if (getComputedStyle(next).position === "sticky") next.style.maxHeight = Math.max(240, innerHeight - top - 16) + "px";
      else next.style.maxHeight = "";
      below.hidden = next.scrollHeight - next.scrollTop - next.clientHeight < (below.hidden ? 12 : below.offsetHeight + 24);
    };
    below.addEventListener("click", () => next.scrollBy(0, next.clientHeight * 0.8));
    next.addEventListener("scroll", look, { passive: true });
    next.addEventListener("toggle", look, true);
    const hold = () => { pressed = true; };
    const release = () => setTimeout(() => { pressed = false; look(); });
    window.addEventListener("pointerdown", hold, true);
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, true);
    window.addEventListener("resize", look);
    window.addEventListener("scroll", look, { passive: true });
    look();
  }
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
})();
