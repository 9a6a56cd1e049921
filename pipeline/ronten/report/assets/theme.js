// Runs before anything is drawn: the remembered colour scheme.
(() => {
  "use strict";
  try {
    const kept = localStorage.getItem("ronten-theme");
    if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  } catch { /* some browsers keep nothing for files */ }
})();
