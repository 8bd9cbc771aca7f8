// Ctrl-K: go to a page or a site by typing some of its name. The menu's links are the pages; sites are asked for once.
(() => {
  const palette = document.querySelector("#palette");
  if (!palette) {
    return;
  }
  const input = palette.querySelector("input");
  const list = palette.querySelector("[role=listbox]");
  const told = palette.querySelector("[data-found]");
  let asked = null;
  let current = -1;

  const option = (link) => {
    const made = link.cloneNode(true);
    made.removeAttribute("class");
    made.removeAttribute("aria-current");
    made.removeAttribute("title");
    made.setAttribute("role", "option");
    made.tabIndex = -1;
    made.id = `palette-${list.children.length}`;
    made.dataset.words = made.textContent.toLowerCase().replace(/\s+/g, " ");
    list.append(made);
  };

  const fill = async () => {
    document.querySelectorAll(".rail nav a").forEach(option);
    const response = await fetch(palette.dataset.source, { headers: { "HX-Request": "true" } });
    if (response.ok) {
      const found = new DOMParser().parseFromString(await response.text(), "text/html");
      found.querySelectorAll("a").forEach(option);
    }
    filter();
  };

  const shown = () => [...list.children].filter((found) => !found.hidden);

  const point = (index) => {
    const found = shown();
    current = found.length ? (index + found.length) % found.length : -1;
    for (const each of list.children) {
      each.setAttribute("aria-selected", String(each === found[current]));
    }
    if (current >= 0) {
      input.setAttribute("aria-activedescendant", found[current].id);
      found[current].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const filter = () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const each of list.children) {
      each.hidden = !wanted.every((word) => each.dataset.words.includes(word));
    }
    const { length } = shown();
    const { foundNone, foundOne, foundMany } = palette.dataset;
    told.textContent = length === 0 ? foundNone : length === 1 ? foundOne : foundMany.replace("#", length);
    told.classList.toggle("visually-hidden", length > 0);
    point(0);
  };

  const open = () => {
    if (!palette.open) {
      palette.showModal();
    }
    input.value = "";
    asked ??= fill();
    filter();
    input.focus();
  };

  const keys = {
    ArrowDown: () => point(current + 1),
    ArrowUp: () => point(current - 1),
    Home: () => point(0),
    End: () => point(-1),
    Enter: () => shown()[current]?.click(),
  };

  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) {
      window.bootstrap?.Offcanvas.getInstance("#rail")?.hide();
      open();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
})();
