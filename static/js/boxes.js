// A row of the table and its box point at each other; a blurred picture is shown when somebody asks.
(() => {
  const name = (index, on) => {
    for (const found of document.querySelectorAll(`[data-box="${index}"], [data-box-of="${index}"]`)) {
      found.classList.toggle("is-named", on);
    }
  };

  const indexOf = (target) => {
    const found = target.closest?.("[data-box], [data-box-of]");
    return found && (found.dataset.box ?? found.dataset.boxOf);
  };

  for (const [event, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(event, ({ target }) => {
      const index = indexOf(target);
      if (index) {
        name(index, on);
      }
    });
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-reveal]");
    if (button) {
      button.closest("[data-picture]").classList.remove("is-blurred");
    }
  });
})();
