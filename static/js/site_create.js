// A new site's identifier follows its name until somebody types one. Without this script the server does it.
(() => {
  const name = document.querySelector("[name=site_name]");
  const identifier = document.querySelector("[name=site_identifier]");
  const of = (text) =>
    text
      .normalize("NFKD")
      .replace(/[^\p{ASCII}]/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 100);
  let follows = identifier.value === of(name.value);

  name.addEventListener("input", () => {
    if (follows) {
      identifier.value = of(name.value);
    }
  });
  identifier.addEventListener("input", () => {
    follows = identifier.value === "";
  });
})();
