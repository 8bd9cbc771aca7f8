// Trying a picture: choose, drop or paste one; send it with progress; show it again from this browser's memory.
(() => {
  const form = document.querySelector("[data-try]");
  if (!form) {
    return;
  }
  const said = form.dataset; // sentences in the page's language
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const line = form.querySelector("[data-progress]");
  const bar = line.querySelector("progress");
  let address = null;

  const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`);

  const named = () => {
    const [file] = input.files;
    if (file) {
      form.querySelector("[data-file-name]").textContent = file.name;
      form.querySelector("[data-file-note]").textContent = `${size(file.size)}. ${said.replace}`;
    }
  };

  const take = (files) => {
    const picture = [...files].find((file) => file.type.startsWith("image/"));
    if (picture) {
      const list = new DataTransfer();
      list.items.add(picture);
      input.files = list.files;
      named();
    }
  };

  // The picture as the person sees it: turned as its EXIF says, which is what the boxes are measured in.
  const show = () => {
    const image = document.querySelector("#result [data-from-memory]");
    const [file] = input.files;
    if (!image || !file) {
      return;
    }
    if (address) {
      URL.revokeObjectURL(address);
    }
    address = URL.createObjectURL(file);
    image.addEventListener("load", () => {
      image.hidden = false;
      const drawing = image.parentElement.querySelector("svg[viewBox]:not(.icon)");
      drawing?.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`);
    });
    image.addEventListener("error", () => image.closest("[data-picture]").remove());
    image.src = address;
  };

  const tell = (title, note, share) => {
    line.hidden = false;
    line.querySelector("[data-progress-title]").textContent = title;
    line.querySelector("[data-progress-note]").textContent = note;
    if (share === null) {
      bar.removeAttribute("value");
    } else {
      bar.value = share;
    }
  };

  input.addEventListener("change", named);
  form.querySelector("[data-site]").addEventListener("change", (event) => location.assign(event.target.value));

  for (const event of ["dragenter", "dragover"]) {
    drop.addEventListener(event, (dragged) => {
      dragged.preventDefault();
      drop.classList.add("is-over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => take(event.clipboardData.files));

  form.addEventListener("htmx:beforeSend", () => tell(said.sending, "", 0));
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    if (detail.lengthComputable && detail.loaded < detail.total) {
      const part = said.part.replace("#1", size(detail.loaded)).replace("#2", size(detail.total));
      tell(said.sending, part, (detail.loaded * 100) / detail.total);
    } else {
      tell(said.looking, "", null);
    }
  });
  form.addEventListener("htmx:afterRequest", () => {
    line.hidden = true;
  });
  // What is wrong with a picture is said in the place of the result.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "result" && [409, 413, 415, 422].includes(detail.xhr.status)) {
      detail.shouldSwap = true;
    }
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id === "result") {
      show();
      detail.target.focus();
    }
  });
})();
