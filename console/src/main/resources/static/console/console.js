// The console's own behaviour: live regions, choices of the browser, questions in a dialog, keys. Pages work without it.
(() => {
  "use strict";
  const YEAR = 31536000;
  const body = document.body;
  const byId = id => document.getElementById(id);

  // --- choices that the browser keeps -----------------------------------------------------------------------------
  const keep = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=${value ? YEAR : 0};samesite=lax`
      + (location.protocol === "https:" ? ";secure" : "");
  };
  const kept = name => (new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie) || [])[1];
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && kept("console-zone") !== zone) keep("console-zone", zone);

  const setTheme = theme => {
    keep("console-theme", theme);
    document.documentElement.setAttribute("data-bs-theme",
      theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  };
  const themes = byId("theme");
  if (themes) {
    themes.value = kept("console-theme") || "";
    themes.addEventListener("change", () => setTheme(themes.value));
  }
  const languages = byId("language");
  if (languages) {
    languages.addEventListener("change", () => {
      keep("console-language", languages.value);
      location.reload();
    });
  }

  // --- live regions -------------------------------------------------------------------------------------------------
  // Each is fetched again every so many seconds while the tab is looked at. When the node does not answer, the page
  // stays as it was, says how old it is, and asks less and less often until the node answers again.
  let failures = 0;
  let answered = Date.now();
  const due = new Map();
  const age = byId("age");

  const regions = () => document.querySelectorAll("[data-live]");
  const round = () => {
    if (!document.hidden && !document.querySelector("dialog[open]")) {
      const now = Date.now();
      regions().forEach(region => {
        const every = Number(region.dataset.live) * 1000 * Math.min(30, 2 ** failures);
        if (now >= (due.get(region.id) || 0)) {
          due.set(region.id, now + every);
          htmx.trigger(region, "refresh");
        }
      });
    }
    tellAge();
  };
  const tellAge = () => {
    if (!age || !regions().length) return;
    const late = document.querySelector("[data-seen-late]");
    const seconds = Math.round((Date.now() - answered) / 1000) + Number(late ? late.dataset.seenLate : 0);
    age.hidden = !failures && seconds < 5 && !late;
    age.textContent = (failures ? age.dataset.lost : age.dataset.text).replace("{0}", seconds);
    age.classList.toggle("is-lost", failures > 0 || Boolean(late));
  };
  const failed = event => {
    if (event.detail.elt && event.detail.elt.matches("[data-live]")) failures = Math.min(failures + 1, 6);
    tellAge();
  };
  body.addEventListener("htmx:sendError", failed);
  body.addEventListener("htmx:timeout", failed);
  body.addEventListener("htmx:responseError", failed);
  body.addEventListener("htmx:afterSwap", () => {
    failures = 0;
    answered = Date.now();
    tellAge();
  });
  // What a person has scrolled to or opened inside of a region stays so.
  const places = new Map();
  body.addEventListener("htmx:beforeSwap", () => {
    document.querySelectorAll("[data-keep]").forEach(part => places.set(part.id, part.scrollTop));
  });
  body.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("[data-keep]").forEach(part => { part.scrollTop = places.get(part.id) || 0; });
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      due.clear();
      round();
    }
  });
  addEventListener("online", () => { failures = 0; due.clear(); });
  if (regions().length) {
    regions().forEach(region => due.set(region.id, Date.now() + Number(region.dataset.live) * 1000));
    setInterval(round, 500);
  }

  // --- questions in a dialog ------------------------------------------------------------------------------------------
  const dialog = byId("dialog");
  if (dialog) {
    body.addEventListener("htmx:afterSwap", event => {
      if (event.detail.target === dialog && !dialog.open) dialog.showModal();
    });
    dialog.addEventListener("click", event => {
      if (event.target === dialog || event.target.closest("[data-close]")) {
        event.preventDefault();
        dialog.close();
      }
    });
  }
  body.addEventListener("click", event => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(byId(copy.dataset.copy).textContent).then(() => {
        copy.textContent = copy.dataset.copied;
      });
    }
    const all = event.target.closest("[data-all]");
    if (all) document.querySelectorAll("input[name=id]").forEach(box => { box.checked = all.checked; });
  });

  // --- keys -----------------------------------------------------------------------------------------------------------
  let prefix = null;
  const links = selector => [...document.querySelectorAll(selector)];
  const move = step => {
    const rows = links("a[data-row]");
    const at = rows.indexOf(document.activeElement);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next) next.focus();
  };
  const follow = key => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) target.click();
    return Boolean(target);
  };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    if (!/^[a-z?\/]$/.test(event.key)) return;
    if (prefix === "g") {
      prefix = null;
      if (follow(`g ${event.key}`)) event.preventDefault();
      return;
    }
    switch (event.key) {
      case "g": prefix = "g"; setTimeout(() => { prefix = null; }, 1500); break;
      case "j": move(1); break;
      case "k": move(-1); break;
      case "r": due.clear(); failures = 0; round(); break;
      case "t": {
        const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
        setTheme(dark ? "light" : "dark");
        if (themes) themes.value = dark ? "light" : "dark";
        break;
      }
      case "/": {
        const search = byId("q");
        if (search) { event.preventDefault(); search.focus(); search.select(); }
        break;
      }
      default: if (follow(event.key)) event.preventDefault();
    }
  });
})();
