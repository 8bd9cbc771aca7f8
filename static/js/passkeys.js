// Says under the form that no passkey was used, where allauth's script would write to the console.
(() => {
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const line of document.querySelectorAll("[data-passkey-error]")) {
      line.hidden = false;
    }
  });
})();
