// Sets the formulas in the browser. `workings build` sets them beforehand and leaves this file out; it is for a
// staged folder that is built by something else.
"use strict";

(() => {
  function typeset(root) {
    for (const element of root.querySelectorAll(".arithmatex")) {
      const source = /^\s*\\([(\[])([\s\S]*)\\[)\]]\s*$/.exec(element.textContent);
      if (source) {
        katex.render(source[2], element, { displayMode: source[1] === "[", throwOnError: false });
      }
    }
  }

  // `document$` tells of every page, also of those which instant navigation puts into the running document.
  if (typeof document$ !== "undefined") document$.subscribe(({ body }) => typeset(body));
  else document.addEventListener("DOMContentLoaded", () => typeset(document.body));
})();
