"use strict";

// Asks for the page again every few seconds and puts its live part in place of the old one. The server
// answers 304 while nothing changed. Focus stays where it was; a form that is being filled in is left alone.
(() => {
  const part = () => document.getElementById("fresh");
  const sign = document.getElementById("live");
  if (!part() || !sign) return;
  const every = 1000 * Number(part().dataset.refresh);
  let tag = null;

  const show = (paused) => {
    sign.hidden = false;
    sign.classList.toggle("paused", paused);
    sign.textContent = paused ? sign.dataset.paused : sign.dataset.live;
  };

  const busy = () => part().querySelector("form")?.contains(document.activeElement);

  const place = (element) => {
    if (!element || element === document.body) return null;
    return element.id ? "#" + CSS.escape(element.id) : element.matches("a[href]") ? 'a[href="' + CSS.escape(element.getAttribute("href")) + '"]' : null;
  };

  const replace = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("fresh");
    if (!fresh) return;
    const focused = place(document.activeElement);
    const aside = part().querySelector(".wide")?.scrollLeft ?? 0;
    part().replaceWith(document.adoptNode(fresh));
    const wide = part().querySelector(".wide");
    if (wide) wide.scrollLeft = aside;
    if (focused) part().querySelector(focused)?.focus({ preventScroll: true });
  };

  const look = async () => {
    if (document.hidden || busy()) return show(true);
    try {
      const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag");
        replace(await answer.text());
      }
      show(answer.status !== 200 && answer.status !== 304);
    } catch {
      show(true);
    }
  };

  setInterval(look, every);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  show(false);
})();
