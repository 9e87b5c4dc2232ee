function bar() {
  return h("header", { class: "top" },
    h("a", { class: "top-brand", href: links.home }, h("img", { src: "/assets/images/logo.png", width: 44, height: 44, alt: "" }),
      h("span", {}, h("b", {}, environment.title), h("small", {}, environment.crest))),
    environment.siteSearch && newsBox(),
    h("div", { class: "top-user", id: "nguoi-dung" }));
}

function newsBox() {
  const box = h("input", { type: "text", id: "tin-tuc-q", class: "line" });
  const submit = (event) => {
    event.preventDefault();
    go(links.site_search + "?q=" + encodeURIComponent(box.value));
  };
  return h("form", { class: "top-news", role: "search", "aria-label": "Tìm tin bài", onsubmit: submit },
    h("label", { for: "tin-tuc-q", class: "visually-hidden" }, "Tìm tin bài"), box,
    h("button", { type: "submit", class: "ghost" }, "Tìm tin"));
}

function side() {
  const items = [["Trang chủ", links.home], [environment.catalogue, links.catalogue], ["Tra cứu hồ sơ", links.lookup],
    ["Đánh giá, phản ánh", links.feedback], ["Hướng dẫn", links.help]];
  return h("nav", { class: "side", "aria-label": "Chức năng" },
    h("ul", {}, items.map(([text, path]) => h("li", {}, link(path, text)))),
    environment.headerLookup && h("button", { type: "button", class: "ghost", onclick: () => go(links.lookup) }, "Tra cứu"));
}

function board() {
  return environment.notices.map((item) =>
    h("aside", { class: "note note-" + item.tone, "aria-label": item.title }, h("b", {}, item.title), h("p", {}, item.text)));
}

async function showVisitor() {
  const { user } = await load("/api/session").catch(() => ({ user: null }));
  const parts = user
    ? [link("/#/ho-so", user.name), environment.store && link("/#/kho", environment.store),
      environment.signing && link("/ky-so", environment.signing),
      h("button", { type: "button", class: "ghost", onclick: leave }, "Đăng xuất")]
    : [link(links.login, "Đăng nhập")];
  document.getElementById("nguoi-dung").replaceChildren(...parts.filter(Boolean));
}

async function leave() {
  await send("/api/logout").catch(() => {});
  await showVisitor();
  go(links.home);
}

function opinion() {
  const picture = h("img", { width: 170, height: 55, alt: "Hình có năm chữ số" });
  const ticket = h("input", { type: "hidden", name: "phien" });
  load("/api/xac-nhan").then((data) => {
    ticket.value = data.ticket;
    picture.src = "/xac-nhan/anh/" + data.ticket + ".png";
  }).catch(() => {});
  return h("form", { class: "opinion", action: "/gop-y", method: "post", "aria-label": "Gửi góp ý" },
    h("label", {}, "Góp ý của bạn ", h("textarea", { name: "noi_dung", rows: 2 })),
    picture, h("label", {}, "Mã CAPTCHA ", h("input", { name: "ma", type: "text", inputmode: "numeric", maxlength: 5, class: "line" })),
    ticket, h("button", { type: "submit", class: "ghost" }, "Gửi"));
}

function bottom() {
  return h("footer", { class: "bottom" },
    h("p", {}, environment.owner + " · 1022 · " + environment.mail),
    environment.feedbackForm ? opinion() : motto(), partner());
}

function motto() {
  const alt = environment.newsletter ? null : "Liên thông, đơn giản, thuận tiện";
  const picture = h("img", { src: "/assets/images/khau-hieu.png", width: 360, height: 90, alt });
  if (!environment.newsletter) return environment.footerHeading === "h2" ? picture : [picture, h("h5", {})];
  return [picture, h("p", { class: "fine-print" }, "Ghi rõ nguồn khi phát hành lại thông tin."), h("input", { type: "email" })];
}

function partner() {
  if (!environment.partner) return null;
  if (!environment.partnerBanner) return h("p", {}, h("a", { href: environment.partner + "/" }, "Trang thông tin điện tử"));
  return [h("img", { src: environment.partner + "/banner.png", width: 120, height: 40, alt: "Chính phủ số" }),
    h("script", { src: environment.partner + "/dem.js" })];
}

function consent() {
  if (!environment.cookies || localStorage.getItem("cookie") === "1") return null;
  const box = h("section", { class: "consent", "aria-label": "Cookie" }, h("p", {}, "Chúng tôi dùng cookie để giữ phiên làm việc."));
  box.append(h("button", { type: "button", class: "ghost", onclick: () => { localStorage.setItem("cookie", "1"); box.remove(); } }, "Tôi đã hiểu"));
  return box;
}
