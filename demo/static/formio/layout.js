function account(user) {
  const box = document.getElementById("account");
  if (!box) return;
  const parts = user
    ? [link("/vi/dossier/my-dossier", user.name, { class: "account" }),
      environment.store && link("/vi/storage", environment.store),
      environment.signing && h("a", { href: "/ky-so" }, environment.signing),
      link("/vi/home", "Đăng xuất", { onclick: logOut })]
    : [link(links.login, "Đăng nhập")];
  box.replaceChildren(...parts.filter(Boolean));
}

async function refreshAccount() {
  account((await load("/api/session").catch(() => ({ user: null }))).user);
}

async function logOut(event) {
  event.preventDefault();
  await send("/api/logout").catch(() => {});
  account(null);
  go(links.home);
}

function topbar() {
  const today = new Intl.DateTimeFormat("vi-VN", { dateStyle: "full", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
  return h("div", { class: "topbar" }, h("div", { class: "wrap" },
    h("span", { class: "today" }, today),
    h("nav", { "aria-label": "Liên kết nhanh" },
      environment.headerLookup && h("button", { type: "button", class: "button button-small", onclick: () => go(links.lookup) }, "Tra cứu"),
      link(links.help, "Hỗ trợ: 1022"),
      h("span", { id: "account", class: "account-box" }, link(links.login, "Đăng nhập")))));
}

function siteSearch() {
  const box = h("input", { id: "header-search-input", type: "text", placeholder: "Tin tức, văn bản…" });
  const submit = (event) => {
    event.preventDefault();
    go(links.site_search + "?q=" + encodeURIComponent(box.value));
  };
  return h("form", { class: "site-search", role: "search", "aria-label": "Tìm trong tin tức, văn bản", onsubmit: submit },
    h("label", { class: "visually-hidden", for: "header-search-input" }, "Tin tức, văn bản"),
    box, h("button", { type: "submit" }, "Tìm kiếm"));
}

function header() {
  return h("header", { class: "site-header" }, topbar(),
    h("div", { class: "masthead" }, h("div", { class: "wrap" },
      h("a", { class: "brand", href: links.home },
        h("img", { src: "/assets/images/logo.png", width: 72, height: 72, alt: "" }),
        h("span", {}, h("small", {}, environment.crest), h("strong", {}, environment.title))),
      environment.siteSearch && siteSearch())),
    h("nav", { class: "menu", "aria-label": "Menu chính" }, h("div", { class: "wrap" },
      link(links.home, "Trang chủ"),
      link(links.catalogue, environment.catalogue),
      link(links.lookup, "Tra cứu hồ sơ"),
      link(links.feedback, "Phản ánh, kiến nghị"),
      link(links.help, "Hướng dẫn"))));
}

function notices() {
  if (!environment.notices.length) return null;
  return h("div", { class: "notices wrap" }, environment.notices.map((item) =>
    h("section", { class: "notice notice-" + item.tone, "aria-label": item.title },
      h("h2", {}, item.title), h("p", {}, item.text))));
}

function feedbackForm() {
  const picture = h("img", { width: 170, height: 55, alt: "Mã xác nhận gồm năm chữ số" });
  const ticket = h("input", { type: "hidden", name: "phien" });
  load("/api/xac-nhan").then((data) => {
    ticket.value = data.ticket;
    picture.src = "/xac-nhan/anh/" + data.ticket + ".png";
  }).catch(() => {});
  return h("form", { class: "feedback", action: "/gop-y", method: "post" },
    h("h2", {}, "Góp ý nhanh"),
    h("label", { for: "feedback-content" }, "Nội dung góp ý"),
    h("textarea", { id: "feedback-content", name: "noi_dung", rows: 2 }),
    picture,
    h("label", { for: "feedback-code" }, "Nhập mã xác nhận (CAPTCHA) trong hình"),
    h("input", { id: "feedback-code", name: "ma", type: "text", inputmode: "numeric", maxlength: 5 }),
    ticket,
    h("p", { class: "hint" }, "Mã CAPTCHA giúp chúng tôi biết bạn không phải là robot khi gửi góp ý."),
    h("button", { type: "submit", class: "button" }, "Gửi góp ý"));
}

function footer() {
  return h("footer", { class: "site-footer" }, h("div", { class: "wrap footer-columns" },
    h("div", {}, h(environment.footerHeading, {}, environment.title),
      h("p", {}, "Cơ quan chủ quản: " + environment.owner),
      h("p", {}, "Điện thoại: 1022. Thư điện tử: " + environment.mail),
      h("p", {}, link(links.feedback, "Đánh giá mức độ hài lòng"))),
    h("div", {}, h(environment.footerHeading, {}, "Liên kết"), h("ul", {},
      h("li", {}, link(links.help, "Câu hỏi thường gặp")),
      h("li", {}, link(links.catalogue, environment.catalogue)),
      h("li", {}, link(links.lookup, "Tra cứu tình trạng hồ sơ")))),
    h("div", {}, environment.feedbackForm ? feedbackForm() : slogan(), partner())));
}

function partner() {
  if (!environment.partner) return null;
  if (!environment.partnerBanner) return h("p", {}, link(environment.partner + "/", "Trang thông tin điện tử"));
  return [h("img", { src: environment.partner + "/banner.png", width: 120, height: 40, alt: "Chính phủ số" }),
    h("script", { src: environment.partner + "/dem.js" })];
}

function slogan() {
  const alt = environment.slogan || null;
  const picture = h("img", { class: "slogan", src: "/assets/images/khau-hieu.png", width: 360, height: 90, alt });
  if (!environment.newsletter) return environment.footerHeading === "h2" ? picture : [picture, h("h5", {})];
  return [picture, h("p", { class: "fine-print" }, "Ghi rõ nguồn khi phát hành lại thông tin từ trang này."),
    h("form", { action: "/gop-y", method: "post" }, h("input", { name: "thu_dien_tu", type: "email" }),
      h("button", { type: "submit", class: "button" }, "Nhận bản tin"))];
}

function cookieBar() {
  if (!environment.cookies || localStorage.getItem("cookie") === "1") return null;
  const bar = h("div", { class: "cookie-bar", role: "region", "aria-label": "Cookie" },
    h("p", {}, "Trang này dùng cookie để ghi nhớ phiên làm việc của bạn."),
    h("button", { type: "button", onclick: () => { localStorage.setItem("cookie", "1"); bar.remove(); } }, "Đồng ý"));
  return bar;
}
