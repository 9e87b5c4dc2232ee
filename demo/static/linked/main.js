const CODE = "([0-9]\\.[0-9]{6}\\.[0-9.]+\\.[GH][0-9]{2})";
let turn = 0;

const text = (title, lines, more) => ({ title, body: h("section", { class: "card" }, h("h1", {}, title), lines.map((each) => h("p", {}, each)), more) });

async function helpView() {
  return text(environment.notes.help.heading, environment.notes.help.paragraphs);
}

async function newsView(query) {
  const items = await load("/api/news?q=" + encodeURIComponent(query.get("q") || ""));
  return text("Tin bài", [items.length + " tin bài"], newsList(items));
}

async function articleView(query, number) {
  const item = await load("/api/news/" + number);
  return text(item.title, [item.date, item.text]);
}

const screens = [
  ["/?", homeView],
  ["/thu-tuc", listView],
  ["/thu-tuc/" + CODE, procedureView],
  ["/ke-khai/" + CODE + "(?:/(xac-nhan|to-khai))?", declareView],
  ["/ket-qua/([A-Z0-9.-]+)", receiptView],
  ["/tra-cuu", trackView],
  ["/ho-so", sentView],
  ["/kho", shelfView],
  ["/dang-nhap", doorView],
  ["/danh-gia", opinionView],
  ["/huong-dan", helpView],
  ["/tin", newsView],
  ["/tin/([0-9]+)", articleView],
];

const absent = () => text("Không có trang này", ["Địa chỉ bạn mở không có hoặc đã thay đổi."]);

const broken = (said) => text("Có lỗi khi tải dữ liệu", [said || "Mất kết nối tới máy chủ.", "Bạn hãy thử lại sau."]);

async function current() {
  const [path, query] = location.hash.slice(1).split("?");
  const hit = screens.map(([pattern, make]) => [path.match("^" + pattern + "$"), make]).find(([match]) => match);
  if (!hit) return absent();
  try {
    const made = await hit[1](new URLSearchParams(query), ...hit[0].slice(1));
    if (environment.late) await pause(Math.random() * environment.late);
    return made;
  } catch (error) {
    if (error.status === 401) return toDoor();
    return error.status === 404 ? absent() : broken(error.said);
  }
}

function toDoor() {
  const query = "tiep=" + encodeURIComponent("/" + location.hash);
  history.replaceState({}, "", links.login + "?" + query);
  showVisitor();
  return doorView(new URLSearchParams(query));
}

async function render() {
  const mine = ++turn;
  const place = document.getElementById("trang");
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(h("p", { class: "wait", role: "status" }, "Đang tải…"));
  const made = await current();
  if (mine !== turn) return;
  document.title = made.title === environment.title ? made.title : made.title + " | " + environment.title;
  place.replaceChildren(...[made.body].flat(Infinity).filter(Boolean));
  place.removeAttribute("aria-busy");
  new Image().src = "/thong-ke/luot-truy-cap.gif?p=" + encodeURIComponent(location.hash);
}

function go(path) {
  const before = location.hash;
  location.hash = path.slice(path.indexOf("#"));
  window.scrollTo(0, 0);
  if (location.hash === before) render();
}

const place = h("main", { id: "trang", tabindex: "-1" });
const skip = h("button", { type: "button", class: "skip", onclick: () => place.focus() }, "Bỏ qua trình đơn");
root.replaceChildren(...[skip, bar(), h("div", { class: "columns" }, side(), h("div", { class: "content" }, board(), place)), bottom(), consent()].filter(Boolean));
window.addEventListener("hashchange", render);
showVisitor();
render();
