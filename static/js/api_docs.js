// The API's description: Swagger UI in the frame's theme.
(() => {
  const place = document.getElementById("swagger-ui");
  const root = document.documentElement;

  const followTheme = () => root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");

  const withCsrf = (request) => {
    if (!["GET", undefined].includes(request.method) && request.credentials === "same-origin") {
      request.headers["X-CSRFToken"] = place.dataset.csrf;
    }
    return request;
  };

  followTheme();
  new MutationObserver(followTheme).observe(root, { attributeFilter: ["data-bs-theme"] });
  SwaggerUIBundle({
    url: place.dataset.schema,
    dom_id: "#swagger-ui",
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    requestInterceptor: withCsrf,
  });
})();
