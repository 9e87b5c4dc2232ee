(function () {
  "use strict";

  var form = document.getElementById("aspnetForm");
  if (!form) return;

  function doPostBack(target, argument) {
    form.elements.namedItem("__EVENTTARGET").value = target;
    form.elements.namedItem("__EVENTARGUMENT").value = argument;
    form.submit();
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-target]");
    if (!link) return;
    event.preventDefault();
    doPostBack(link.dataset.target, link.dataset.argument || "");
  });

  // One form holds every box of the page: Enter must press the button that belongs to the box.
  form.addEventListener("keydown", function (event) {
    var panel = event.key === "Enter" && event.target.matches("input") && event.target.closest("[data-button]");
    if (!panel) return;
    event.preventDefault();
    document.getElementById(panel.dataset.button).click();
  });
})();
