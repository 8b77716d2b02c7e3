// Before the first paint: light or dark, as this browser was told, or else as the machine is set.
(() => {
  const told = /(?:^|; )console-theme=(light|dark)/.exec(document.cookie);
  const dark = told ? told[1] === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
