let visit = 0;

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
  [/^\/vi\/dossier\/my-dossier$/, myDossiers],
  [/^\/vi\/storage$/, storage],
  [/^\/vi\/login$/, login],
  [/^\/vi\/help$/, note("help")],
  [/^\/vi\/feedback$/, feedback],
  [/^\/vi\/news$/, newsSearch],
  [/^\/vi\/news\/(\d+)$/, article],
];

function missing() {
  return plain("Không tìm thấy nội dung", ["Nội dung bạn tìm không tồn tại hoặc đã được chuyển đi nơi khác."]);
}

function sorry(said) {
  return plain("Đã có lỗi xảy ra", [said || "Không kết nối được với máy chủ.", "Vui lòng thử lại sau hoặc liên hệ bộ phận hỗ trợ."]);
}

function away() {
  account(null);
  history.replaceState({}, "", links.login + "?returnUrl=" + encodeURIComponent(location.pathname + location.search));
  return login(new URLSearchParams(location.search));
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
    if (error.status === 401) return away();
    return error.status === 404 ? missing() : sorry(error.said);
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
  refreshAccount();
  render();
}

boot();
