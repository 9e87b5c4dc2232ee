(function () {
  "use strict";

  function showCookieBar() {
    var bar = document.getElementById("thanh-cookie");
    if (!bar || window.localStorage.getItem("cookie") === "1") return;
    bar.hidden = false;
    document.getElementById("dong-y-cookie").addEventListener("click", function () {
      window.localStorage.setItem("cookie", "1");
      bar.hidden = true;
    });
  }

  function fillFigures() {
    var table = document.getElementById("bang-so-lieu");
    if (!table) return;
    fetch(table.dataset.source, { headers: { Accept: "application/json" } })
      .then(function (reply) { return reply.ok ? reply.json() : {}; })
      .then(function (figures) {
        table.querySelectorAll("[data-figure]").forEach(function (cell) {
          var value = figures[cell.dataset.figure];
          if (value !== undefined) cell.textContent = value;
        });
      })
      .catch(function () {});
  }

  showCookieBar();
  fillFigures();
})();
