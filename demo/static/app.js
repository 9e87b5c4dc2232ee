const root = document.querySelector("app-root");
const links = environment.links;
let visit = 0;

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function load(path) {
  const reply = await fetch(path, { headers: { Accept: "application/json" } });
  const data = await reply.json().catch(() => ({ status: 500, message: "" }));
  if (reply.status === 404) throw Object.assign(new Error("404"), { missing: true });
  if (!reply.ok || (data.status && data.status >= 500)) {
    throw Object.assign(new Error(String(reply.status)), { said: data.message });
  }
  return data;
}

function link(path, text, attributes) {
  return h("a", { href: path, ...attributes }, text);
}

function topbar() {
  const today = new Intl.DateTimeFormat("vi-VN", { dateStyle: "full", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
  return h("div", { class: "topbar" }, h("div", { class: "wrap" },
    h("span", { class: "today" }, today),
    h("nav", { "aria-label": "Liên kết nhanh" },
      environment.headerLookup && h("button", { type: "button", class: "button button-small", onclick: () => go(links.lookup) }, "Tra cứu"),
      link(links.help, "Hỗ trợ: 1022"),
      link(links.login, "Đăng nhập"))));
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

function searchForm(query) {
  const s = environment.search;
  const box = h("input", { type: s.panel ? "text" : s.type, id: s.box, name: s.name, placeholder: s.hint, value: query || "" });
  const submit = (event) => {
    event.preventDefault();
    go(links.catalogue + "?keyword=" + encodeURIComponent(box.value.trim()));
  };
  const button = h("button", { type: "submit", id: s.button, class: "button" }, s.text);
  const label = h("label", { for: s.box, class: s.hiddenLabel && !s.panel ? "visually-hidden" : null }, s.label);
  if (s.panel) {
    return h("div", { class: "filter-panel" }, h("form", { id: s.form, autocomplete: "off", onsubmit: submit },
      h("fieldset", {}, h("legend", {}, environment.catalogue),
        h("p", { class: "filter-line" }, label, h("span", { class: "filter-input" }, box)),
        h("p", { class: "filter-line" }, button))));
  }
  return h("form", { id: s.form, class: "search " + environment.prefix + "-search", role: "search", autocomplete: "off", "aria-label": environment.catalogue, onsubmit: submit },
    label, h("div", { class: "search-row" }, box, button),
    s.advanced && link(links.advanced, "Tìm kiếm nâng cao", { class: "search-more" }));
}

const blocks = {
  hot: (data) => h("section", { class: "wrap block", "aria-labelledby": "hot-services" },
    h("h2", { id: "hot-services" }, "Dịch vụ công nổi bật"),
    h("ul", { class: "tiles" }, data.hot.map((one) => h("li", {}, link(one.path, one.name), h("span", {}, one.sector))))),
  news: (data) => h("section", { class: "wrap block", "aria-labelledby": "latest-news" },
    h("h2", { id: "latest-news" }, "Tin tức, thông báo"), headlines(data.news)),
  figures: (data) => h("section", { class: "wrap block", "aria-labelledby": "statistics" },
    h("h2", { id: "statistics" }, "Tình hình giải quyết hồ sơ"),
    h("dl", { class: "figures" },
      h("div", {}, h("dt", {}, "Đã tiếp nhận"), h("dd", {}, data.figures.received)),
      h("div", {}, h("dt", {}, "Đã giải quyết"), h("dd", {}, data.figures.settled)),
      h("div", {}, h("dt", {}, "Đúng và trước hạn"), h("dd", {}, data.figures.punctual)))),
};

function headlines(items) {
  return h("ul", { class: "news" }, items.map((item) =>
    h("li", {}, h("time", {}, item.date), " ", link(item.path, item.title))));
}

function crumbs(...parts) {
  return h("nav", { class: "crumbs", "aria-label": "Đường dẫn" }, link(links.home, "Trang chủ"), parts.map((part) => [" / ", part]));
}

async function home() {
  const data = await load("/api/home");
  return { title: environment.title, body: [
    h("section", { class: "hero" }, h("div", { class: "wrap" },
      h("h1", {}, environment.title), h("p", {}, "Nộp hồ sơ mọi lúc, theo dõi mọi nơi"), searchForm(""))),
    environment.order.map((name) => blocks[name](data)),
  ] };
}

function levelBadge(one) {
  return h("span", { class: "level level-" + one.level }, one.levelName);
}

function asTable(data) {
  const head = ["STT", "Mã số", "Tên thủ tục hành chính", "Lĩnh vực", "Trực tuyến"];
  return h("div", { class: "scroll" }, h("table", { class: "listing " + environment.prefix + "-table" },
    h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, data.content.map((one, index) => h("tr", {},
      h("td", {}, String(data.number * 10 + index + 1)), h("td", {}, one.code),
      h("td", {}, link(one.path, one.name)), h("td", {}, one.sector), h("td", {}, levelBadge(one)))))));
}

function asCards(data) {
  return h("ul", { class: "cards " + environment.prefix + "-list" }, data.content.map((one) => h("li", {},
    levelBadge(one), h("h3", {}, link(one.path, one.name)),
    h("p", {}, one.code + " · " + one.sector + " · " + one.agency))));
}

function pages(data, query) {
  if (data.totalPages < 2) return null;
  const to = (number) => () => go(links.catalogue + "?keyword=" + encodeURIComponent(query) + "&page=" + number);
  const numbers = Array.from({ length: data.totalPages }, (_, number) =>
    h("button", { type: "button", "aria-current": number === data.number ? "page" : null, onclick: to(number) }, String(number + 1)));
  const next = data.number + 1 < data.totalPages
    && h("button", { type: "button", "aria-label": "Trang sau", onclick: to(data.number + 1) }, environment.next);
  return h("nav", { class: "pages", "aria-label": "Phân trang" }, numbers, next);
}

function challenge(ticket) {
  return { title: "Xác nhận truy cập", body: h("div", { class: "wrap block narrow" },
    h("h1", {}, "Vui lòng xác nhận bạn không phải là robot"),
    h("p", {}, "Hệ thống nhận thấy nhiều lượt tra cứu. Để tiếp tục, hãy nhập mã trong hình."),
    h("form", { class: "captcha-form", id: "captchaForm", action: "/xac-nhan", method: "post" },
      h("img", { src: "/xac-nhan/anh/" + ticket + ".png", width: 170, height: 55, alt: "Mã CAPTCHA gồm năm chữ số" }),
      h("label", { for: "captcha" }, "Mã xác nhận"),
      h("input", { id: "captcha", name: "ma", type: "text", inputmode: "numeric", maxlength: 5, required: true }),
      h("input", { type: "hidden", name: "phien", value: ticket }),
      h("input", { type: "hidden", name: "tiep", value: location.pathname + location.search }),
      h("button", { type: "submit", class: "button", form: "captchaForm" }, "Xác nhận"))) };
}

async function catalogue(query) {
  const keyword = query.get("keyword") || "";
  const page = query.get("page") || "0";
  const data = await load("/api/procedures?" + new URLSearchParams({ keyword, page, size: "10" }));
  if (data.verification) return challenge(data.verification.ticket);
  const found = data.totalElements
    ? [h("p", { class: "hits", role: "status" }, environment.hits.replace("{n}", data.totalElements)),
      environment.listing === "table" ? asTable(data) : asCards(data), pages(data, keyword)]
    : [h("p", { class: "empty", role: "status" }, environment.nothing + (keyword ? ": “" + keyword + "”." : "."))];
  return { title: environment.catalogue, body: h("div", { class: "wrap block" },
    crumbs(environment.catalogue), h("h1", {}, environment.catalogue), searchForm(keyword), found) };
}

function sheet(fields) {
  const kind = environment.prefix + "-sheet sheet";
  if (environment.sheet === "table") {
    return h("table", { class: kind }, h("tbody", {}, fields.map((field) =>
      h("tr", {}, h("th", { scope: "row" }, field.label), h("td", { id: field.id }, field.value)))));
  }
  if (environment.sheet === "definitions") {
    return h("dl", { class: kind }, fields.map((field) =>
      h("div", {}, h("dt", {}, field.label), h("dd", { id: field.id }, field.value))));
  }
  return h("div", { class: kind }, fields.map((field) => h("div", { class: "sheet-row" },
    h("span", { class: "sheet-label" }, field.label + ":"), " ",
    h("span", { class: "sheet-value", id: field.id }, field.value))));
}

async function detail(query, id) {
  const one = await load("/api/procedures/" + id);
  return { title: one.name, body: h("div", { class: "wrap block" },
    crumbs(link(links.catalogue, environment.catalogue), "Chi tiết thủ tục"),
    h("h1", {}, one.name),
    environment.search.panel && h("p", { class: "lead" }, one.sector + ". Thông tin dưới đây có hiệu lực từ ngày công bố."),
    sheet(one.fields),
    h("h2", {}, "Trình tự thực hiện"), h("ol", { class: "steps" }, one.steps.map((text) => h("li", {}, text))),
    h("h2", {}, "Thành phần hồ sơ"), h("ul", { class: "documents" }, one.documents.map((text) => h("li", {}, text))),
    h("p", { class: "actions" },
      one.applyOnline ? h("button", { type: "button", class: "button", onclick: () => go(one.apply) }, environment.apply)
        : h("span", { class: "hint" }, "Thủ tục này tiếp nhận trực tiếp tại bộ phận một cửa."),
      link(links.catalogue, "Quay lại danh sách"))) };
}

async function apply(query, id) {
  const one = await load("/api/procedures/" + id);
  const names = ["Thông tin chung", "Thành phần hồ sơ", "Lệ phí, nhận kết quả", "Kết quả"];
  return { title: "Nộp hồ sơ trực tuyến", body: h("div", { class: "wrap block" },
    h("h1", {}, "Nộp hồ sơ trực tuyến"),
    h("ol", { class: "wizard" }, names.map((name, index) => h("li", { "aria-current": index === 0 ? "step" : null }, name))),
    h("p", { class: "lead" }, one.name),
    h("p", { class: "empty" }, "Bạn cần đăng nhập trước khi kê khai hồ sơ."),
    h("p", { class: "actions" }, link(links.login, "Đăng nhập", { class: "button" }),
      h("button", { type: "button", class: "button button-plain", disabled: true }, "Tiếp tục"))) };
}

async function lookup(query) {
  const code = (query.get("code") || "").trim();
  const box = h("input", { id: "dossier-code", type: "text", placeholder: "000.00.00.H00-000000-0000", value: code });
  const submit = (event) => {
    event.preventDefault();
    go(links.lookup + "?code=" + encodeURIComponent(box.value));
  };
  return { title: "Tra cứu hồ sơ", body: h("div", { class: "wrap block" }, h("h1", {}, "Tra cứu tình trạng hồ sơ"),
    h("form", { class: "search", autocomplete: "off", onsubmit: submit }, h("label", { for: "dossier-code" }, "Mã hồ sơ"),
      h("div", { class: "search-row" }, box, h("button", { type: "submit", class: "button" }, "Tra cứu"))),
    code && h("p", { class: "empty", role: "status" }, "Không tìm thấy hồ sơ có mã “" + code + "”. Vui lòng kiểm tra lại mã trên giấy biên nhận.")) };
}

function plain(heading, paragraphs, more) {
  return { title: heading, body: h("div", { class: "wrap block narrow" }, h("h1", {}, heading),
    paragraphs.map((text) => h("p", {}, text)), more, h("p", { class: "actions" }, link(links.home, "Về trang chủ"))) };
}

const note = (name) => async () => plain(environment.notes[name].heading, environment.notes[name].paragraphs);

async function newsSearch(query) {
  const q = query.get("q") || "";
  const items = await load("/api/news?q=" + encodeURIComponent(q));
  const text = items.length ? "Có " + items.length + " tin, bài phù hợp." : "Không có tin, bài nào về “" + q + "”.";
  return plain("Tìm trong tin tức, văn bản", [text], headlines(items));
}

async function article(query, number) {
  const item = await load("/api/news/" + number);
  return plain(item.title, ["Ngày " + item.date, item.text]);
}

const routes = [
  [/^\/(vi(\/home)?)?$/, home],
  [/^\/vi\/procedure\/search$/, catalogue],
  [/^\/vi\/procedure\/detail\/([0-9a-f]{24})$/, detail],
  [/^\/vi\/padsvc\/apply-online\/([0-9a-f]{24})$/, apply],
  [/^\/vi\/dossier\/search$/, lookup],
  [/^\/vi\/login$/, note("login")],
  [/^\/vi\/help$/, note("help")],
  [/^\/vi\/feedback$/, note("feedback")],
  [/^\/vi\/news$/, newsSearch],
  [/^\/vi\/news\/(\d+)$/, article],
];

function missing() {
  return plain("Không tìm thấy nội dung", ["Nội dung bạn tìm không tồn tại hoặc đã được chuyển đi nơi khác."]);
}

function sorry(said) {
  return plain("Đã có lỗi xảy ra", [said || "Không kết nối được với máy chủ.", "Vui lòng thử lại sau hoặc liên hệ bộ phận hỗ trợ."]);
}

async function view() {
  const path = location.pathname.replace(/\/+$/, "") || "/";
  const match = routes.map(([pattern, make]) => [path.match(pattern), make]).find(([found]) => found);
  if (!match) return missing();
  try {
    const made = await match[1](new URLSearchParams(location.search), match[0].at(-1));
    if (environment.late) await pause(Math.random() * environment.late);
    return made;
  } catch (error) {
    return error.missing ? missing() : sorry(error.said);
  }
}

async function render() {
  const mine = ++visit;
  const main = document.getElementById("main-content");
  main.setAttribute("aria-busy", "true");
  main.replaceChildren(h("div", { class: "splash", role: "status" },
    h("span", { class: "spinner" }), h("span", { class: "visually-hidden" }, "Đang tải dữ liệu…")));
  const made = await view();
  if (mine !== visit) return;
  document.title = made.title === environment.title ? made.title : made.title + " - " + environment.title;
  main.replaceChildren(...[made.body].flat(3).filter(Boolean));
  main.removeAttribute("aria-busy");
  new Image().src = "/thong-ke/luot-truy-cap.gif?p=" + encodeURIComponent(location.pathname);
}

function go(path) {
  history.pushState({}, "", path);
  window.scrollTo(0, 0);
  render();
}

function follow(event) {
  const anchor = event.target.closest && event.target.closest("a[href]");
  if (!anchor || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (anchor.origin !== location.origin || !/^\/(vi(\/|$)|$)/.test(anchor.pathname) || anchor.hash) return;
  event.preventDefault();
  go(anchor.pathname + anchor.search);
}

function boot() {
  const skip = h("button", { type: "button", class: "skip", onclick: () => main.focus() }, "Đến nội dung chính");
  const main = h("main", { id: "main-content", tabindex: "-1" });
  const parts = [skip, header(), notices(), main, footer(), cookieBar()];
  root.replaceChildren(...parts.filter(Boolean));
  document.addEventListener("click", follow);
  window.addEventListener("popstate", render);
  render();
}

boot();
