(function () {
  "use strict";

  function show(part) {
    var spinner = document.getElementById(part.dataset.spinner);
    if (spinner) spinner.remove();
    part.hidden = false;
  }

  document.querySelectorAll("[data-delay]").forEach(function (part) {
    window.setTimeout(show, Number(part.dataset.delay), part);
  });
})();
