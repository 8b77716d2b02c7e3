// Before the first paint: light or dark, as the machine is set.
document.documentElement.setAttribute(
  "data-bs-theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
