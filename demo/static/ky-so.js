(function () {
  "use strict";

  var place = document.getElementById("ky-so");

  function again() {
    window.setTimeout(function () { window.location.reload(); }, 400);
  }

  function give(signature) {
    fetch(window.location.pathname + "/chu-ky", { method: "POST", body: signature }).then(again, again);
  }

  function askPlugin() {
    var socket = new WebSocket("wss://127.0.0.1:8987/");
    socket.onopen = function () {
      socket.send(JSON.stringify({ Function: "SignHash", HashAlgorithm: "SHA256", HashValue: place.dataset.digest }));
    };
    socket.onmessage = function (message) {
      var answer = JSON.parse(message.data);
      give(answer.Status === 0 ? answer.Signature : "");
      socket.close();
    };
    socket.onerror = function () {
      place.querySelector("[role=status]").textContent = "Không tìm thấy phần mềm ký số trên máy của bạn.";
    };
  }

  if (place.dataset.state === "waiting") again();
  if (place.dataset.state === "open" && place.dataset.way === "plugin") askPlugin();
})();
