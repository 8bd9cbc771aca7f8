// The theme is this browser's: `theme.js` reads it before the first paint.
(() => {
  const choices = document.querySelectorAll("[data-theme-choice] input");
  const system = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem("theme") ?? "";
    } catch {
      return ""; // storage may be switched off
    }
  };

  const keep = (theme) => {
    try {
      if (theme) {
        localStorage.setItem("theme", theme);
      } else {
        localStorage.removeItem("theme");
      }
    } catch {
      // the choice lasts as long as this page
    }
    document.documentElement.dataset.bsTheme = theme || (system.matches ? "dark" : "light");
  };

  const tell = () => {
    for (const choice of choices) {
      choice.checked = choice.value === chosen();
    }
  };

  for (const choice of choices) {
    choice.addEventListener("change", () => keep(choice.value));
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) {
      setTimeout(tell); // once theme.js has kept it
    }
  });
  tell();
})();
