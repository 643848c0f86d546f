// A link to a step opens the collapsed solutions around that step.
"use strict";

(() => {
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = [];
    for (let box = target?.closest("details"); box; box = box.parentElement.closest("details")) {
      if (!box.open) closed.push(box);
    }
    for (const box of closed) box.open = true;
    if (closed.length) target.scrollIntoView();
  }

  addEventListener("hashchange", reveal);
  // A second click on the same link changes no hash.
  addEventListener("click", (event) => {
    if (event.target.closest?.('a[href*="#"]')) setTimeout(reveal);
  });
  if (typeof document$ !== "undefined") document$.subscribe(() => reveal());
  else addEventListener("DOMContentLoaded", reveal);
})();
