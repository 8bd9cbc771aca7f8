// Sets the theme before the first paint: what the person chose, else what the system says.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage may be switched off
    }
  };

  const show = () => {
    root.dataset.bsTheme = chosen() ?? (system.matches ? "dark" : "light");
  };

  const choose = (theme) => {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // the choice lasts as long as this page
    }
    root.dataset.bsTheme = theme;
  };

  show();
  system.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) {
      choose(root.dataset.bsTheme === "dark" ? "light" : "dark");
    }
  });
})();
