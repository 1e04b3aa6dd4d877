(() => {
  "use strict";
  const source = document.querySelector("#source");
  const all = new Map();
  for (const element of document.querySelectorAll("[data-i]"))
    for (const key of element.dataset.i.split(" ")) {
      if (!all.has(key)) all.set(key, []);
      all.get(key).push(element);
    }
  let lit = [];
  const light = (element) => {
    for (const other of lit) other.classList.remove("on");
    lit = element ? element.dataset.i.split(" ").flatMap((key) => all.get(key)) : [];
    for (const other of lit) other.classList.add("on");
  };
  // From the facts to the text only: the text lies in a pane of its own, which can move under the reader's eyes.
  const reveal = (element) => {
    const words = lit.find((other) => source.contains(other));
    if (!words || source.contains(element) || source.scrollHeight <= source.clientHeight) return;
    const place = words.getBoundingClientRect(), pane = source.getBoundingClientRect();
    if (place.top < pane.top || place.bottom > pane.bottom)
      source.scrollTop += place.top - pane.top - pane.height / 3;
  };
  const near = (event) => event.target.closest && event.target.closest("[data-i]");
  for (const kind of ["pointerover", "focusin", "click"])
    document.addEventListener(kind, (event) => {
      const element = near(event);
      if (!element) return;
      light(element);
      reveal(element);
    });
  for (const kind of ["pointerout", "focusout"])
    document.addEventListener(kind, () => light(near({ target: document.activeElement })));
})();
