// The page of a new key: it answers a POST, so that reloading it would make another key; and says when it was copied.
(() => {
  const shown = document.querySelector("[data-shown-once]");
  if (!shown) {
    return;
  }
  history.replaceState(null, "", shown.dataset.shownOnce);
  shown.querySelector("[data-copy]").addEventListener("copied", () => {
    shown.querySelector("[data-copied-note]").hidden = false;
  });
})();
