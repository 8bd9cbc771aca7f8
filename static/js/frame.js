// What every page can do: relative times, copying, dialogs, rows that open, toasts, menus that close.
(() => {
  const UNITS = [
    ["year", 31536000],
    ["month", 2592000],
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const language = document.documentElement.lang || "en";
  const said = document.body.dataset; // sentences in the page's language
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });

  const relative = (date) => {
    const seconds = (date - Date.now()) / 1000;
    const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
    return unit ? words.format(Math.trunc(seconds / unit[1]), unit[0]) : words.format(0, "second");
  };

  const tellTimes = () => {
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const date = new Date(time.dateTime);
      time.textContent = relative(date);
      time.title = exact.format(date);
    }
  };

  const fill = (range) => {
    const share = (range.value - range.min) / (range.max - range.min);
    range.style.setProperty("--fill", `${share * 100}%`);
  };

  const fillAll = () => document.querySelectorAll("input[type=range]").forEach(fill);

  const toast = (message) => {
    const template = document.querySelector("#toast-template");
    const line = template.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-message]").textContent = message;
    document.querySelector("#toasts").append(line);
  };

  // How high the toasts stand: the page keeps so much clear of them.
  const toasts = document.querySelector("#toasts");
  new ResizeObserver(() => {
    const high = toasts.childElementCount ? toasts.offsetHeight + 16 : 0;
    document.documentElement.style.setProperty("--toasts", `${high}px`);
  }).observe(toasts);

  // Focus alone scrolls to no field that is in the window already, though a toast lies over it.
  document.addEventListener("focusin", ({ target }) => {
    const covered = target.getBoundingClientRect().bottom + 8 - toasts.getBoundingClientRect().top;
    if (toasts.childElementCount && covered > 0 && !toasts.contains(target)) {
      scrollBy({ top: covered, behavior: "instant" });
    }
  });

  // Without HTTPS there is no clipboard, and a browser may refuse: then the text is selected, for the person to copy.
  const copy = async (button) => {
    const source = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      getSelection().selectAllChildren(source);
      toast(said.notCopied);
      return;
    }
    const label = button.getAttribute("aria-label");
    button.setAttribute("aria-label", button.dataset.copied ?? label);
    setTimeout(() => button.setAttribute("aria-label", label), 2000);
    button.dispatchEvent(new Event("copied"));
  };

  const actions = {
    "[data-copy]": copy,
    "[data-open]": (button) => document.querySelector(button.dataset.open).showModal(),
    "[data-close]": (button) => button.closest("dialog").close(),
    "[data-dismiss-toast]": (button) => button.closest(".toast-line").remove(),
    "tr[data-href]": (row, event) => {
      if (!event.target.closest("a, button, input, label, summary") && !getSelection().toString()) {
        location.assign(row.dataset.href);
      }
    },
  };

  const fade = () => {
    for (const line of document.querySelectorAll(".toast-line.is-approved:not([data-fading])")) {
      line.dataset.fading = "";
      setTimeout(() => line.remove(), 6000);
    }
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(actions)) {
      const found = event.target.closest(selector);
      if (found) {
        act(found, event);
        break;
      }
    }
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
    if (event.target instanceof HTMLDialogElement) {
      event.target.close(); // a click on what lies behind it
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details[data-menu][open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("input[type=range]")) {
      fill(event.target);
    }
  });

  // An error's page is a toast where only a fragment was asked for.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = true;
    }
  });
  document.addEventListener("htmx:sendError", () => toast(said.noAnswer));
  document.addEventListener("htmx:afterSwap", () => {
    tellTimes();
    fillAll();
    fade();
  });

  tellTimes();
  fillAll();
  fade();
  setInterval(tellTimes, 30000);
})();
