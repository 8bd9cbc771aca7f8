// A site's settings: what each slider says, how many changes are unsaved, the bar that saves them.
(() => {
  const form = document.querySelector("[data-settings]");
  const bar = document.querySelector("[data-save-bar]");
  const fields = () => [...form.elements].filter((field) => field.name && field.type !== "hidden");
  let leaving = false;

  const changed = (field) => {
    if (field.type === "checkbox") {
      return field.checked !== field.defaultChecked;
    }
    if (field.options) {
      return [...field.options].some((option) => option.selected !== option.defaultSelected && option.defaultSelected);
    }
    return field.value !== field.defaultValue;
  };

  const count = () => {
    const names = new Set(fields().filter(changed).map((field) => field.name));
    return names.size;
  };

  const tellSlider = (slider) => {
    const range = slider.querySelector("input[type=range]");
    const own = Number(range.value) !== Number(slider.dataset.templateValue);
    slider.querySelector("[data-value]").value = range.value;
    slider.querySelector("[data-from-template]").hidden = own;
    slider.querySelector("[data-from-here]").hidden = !own;
    slider.querySelector(".source").classList.toggle("is-site", own);
  };

  const tellBands = (use) => {
    const [approval, rejection] = [...use.querySelectorAll("input[type=range]")].map((range) => Number(range.value));
    const low = Math.min(approval, rejection);
    use.querySelector("[data-low]").setAttribute("width", `${low}%`);
    use.querySelector("[data-middle]").setAttribute("x", `${low}%`);
    use.querySelector("[data-middle]").setAttribute("width", `${rejection - low}%`);
    use.querySelector("[data-high]").setAttribute("x", `${rejection}%`);
  };

  // The sentences are the template's: in the page's language.
  const words = (unsaved) => {
    const { unsavedPosted, unsavedOne, unsavedMany } = bar.dataset;
    return form.hasAttribute("data-dirty") ? unsavedPosted : unsaved === 1 ? unsavedOne : unsavedMany.replace("#", unsaved);
  };

  const tell = () => {
    form.querySelectorAll("[data-slider]").forEach(tellSlider);
    form.querySelectorAll("[data-use]").forEach(tellBands);
    const unsaved = count();
    const dirty = unsaved > 0 || form.hasAttribute("data-dirty");
    if (bar) {
      bar.hidden = !dirty;
      bar.querySelector("[data-count-words]").textContent = words(unsaved);
    }
    holdDeploy(dirty);
  };

  const holdDeploy = (dirty) => {
    const deploy = document.querySelector("[data-deploy]");
    if (deploy) {
      deploy.querySelector("button").disabled = dirty;
      deploy.querySelector("[data-save-first]").hidden = !dirty;
    }
  };

  const moved = (range, value) => {
    range.value = value;
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const discard = () => {
    if (form.hasAttribute("data-dirty")) {
      leaving = true;
      location.assign(form.action);
      return;
    }
    form.reset();
    form.querySelectorAll("input[type=range]").forEach((range) => moved(range, range.value));
    tell();
    form.dispatchEvent(new Event("settings-reset"));
  };

  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  form.addEventListener("click", (event) => {
    const back = event.target.closest("[data-back]");
    if (back) {
      const slider = back.closest("[data-slider]");
      moved(slider.querySelector("input[type=range]"), slider.dataset.templateValue);
      slider.querySelector("input[type=range]").focus();
    }
  });
  // Saving is the browser's own submission: htmx only asks for the preview.
  form.addEventListener("submit", () => {
    leaving = true;
  });
  document.querySelector("[data-discard]")?.addEventListener("click", discard);
  document.addEventListener("htmx:afterSwap", tell);
  addEventListener("beforeunload", (event) => {
    if (!leaving && count() > 0) {
      event.preventDefault();
    }
  });

  tell();
  document.querySelector("#errors")?.focus();
  // A dialog that the server left open asks again: over the page, as it did before.
  const again = document.querySelector("dialog[open]");
  again?.close();
  again?.showModal();
})();
