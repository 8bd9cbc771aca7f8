// The page of a new key answers a POST: without this, reloading it would make another one.
(() => {
  const shown = document.querySelector("[data-shown-once]");
  if (shown) {
    history.replaceState(null, "", shown.dataset.shownOnce);
  }
})();
