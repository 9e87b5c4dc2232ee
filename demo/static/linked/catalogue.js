function finder(keyword) {
  const s = environment.search;
  const box = h("input", { type: s.panel ? "text" : s.type, id: s.box, name: s.name, placeholder: s.hint, value: keyword, class: "line" });
  const label = h("label", { for: s.box, class: s.hiddenLabel && !s.panel ? "visually-hidden" : null }, s.label);
  const button = h("button", { type: "submit", id: s.button, class: "solid" }, s.text);
  const submit = (event) => {
    event.preventDefault();
    go(links.catalogue + "?tu-khoa=" + encodeURIComponent(box.value.trim()));
  };
  return h("form", { id: s.form, class: s.panel ? "panel" : "finder", role: s.panel ? null : "search", "aria-label": environment.catalogue, autocomplete: "off", onsubmit: submit },
    s.panel && h("h2", {}, environment.catalogue), label, box, button,
    s.advanced && link(links.advanced, "Tìm nâng cao"));
}

const parts = {
  hot: (data) => [h("h2", {}, "Thủ tục liên thông thường dùng"),
    h("ol", { class: "picks" }, data.hot.map((one) => h("li", {}, link(one.path, one.name))))],
  news: (data) => [h("h2", {}, "Tin mới"), newsList(data.news)],
  figures: (data) => [h("h2", {}, "Số liệu"), h("ul", { class: "plain-list" },
    h("li", {}, "Tiếp nhận: " + data.figures.received), h("li", {}, "Giải quyết: " + data.figures.settled),
    h("li", {}, "Đúng hạn: " + data.figures.punctual))],
};

function newsList(items) {
  return h("ul", { class: "plain-list" }, items.map((item) => h("li", {}, link(item.path, item.title), " (" + item.date + ")")));
}

async function homeView() {
  const data = await load("/api/home");
  return { title: environment.title, body: [h("h1", {}, "Đăng ký khai sinh và thủ tục liên thông"), finder(""),
    environment.order.map((name) => h("section", { class: "card" }, parts[name](data)))] };
}

function line(one) {
  return h("li", {}, h("h2", {}, link(one.path, one.name)),
    h("p", {}, h("span", { class: "tag" }, one.levelName), " Mã: " + one.code + ". " + one.agency + ". " + one.sector + "."));
}

function grid(rows) {
  return h("div", { class: "grid-box" }, h("table", { class: "grid" }, h("thead", {}, h("tr", {}, ["Thủ tục", "Mã", "Mức độ"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map((one) => h("tr", {}, h("td", {}, link(one.path, one.name)), h("td", {}, one.code), h("td", {}, one.levelName))))));
}

function pager(data, keyword) {
  if (data.totalPages < 2) return null;
  const to = (number) => () => go(links.catalogue + "?tu-khoa=" + encodeURIComponent(keyword) + "&trang=" + number);
  return h("nav", { class: "pager", "aria-label": "Các trang" },
    h("button", { type: "button", class: "ghost", disabled: data.number === 0, onclick: to(data.number - 1) }, "Trang trước"),
    h("span", {}, "Trang " + (data.number + 1) + "/" + data.totalPages),
    h("button", { type: "button", class: "ghost", disabled: data.number + 1 === data.totalPages, "aria-label": "Trang sau", onclick: to(data.number + 1) }, environment.next));
}

function gate(ticket) {
  return { title: "Xác nhận", body: h("form", { class: "card", action: "/xac-nhan", method: "post" },
    h("h1", {}, "Bạn không phải là người máy?"), h("p", {}, "Có quá nhiều lượt tra cứu từ mạng của bạn. Nhập mã CAPTCHA trong hình để xem tiếp."),
    h("img", { src: "/xac-nhan/anh/" + ticket + ".png", width: 170, height: 55, alt: "Hình có năm chữ số" }),
    h("label", {}, "Mã trong hình ", h("input", { name: "ma", type: "text", inputmode: "numeric", maxlength: 5, required: true, class: "line" })),
    h("input", { type: "hidden", name: "phien", value: ticket }), h("input", { type: "hidden", name: "tiep", value: "/" + location.hash }),
    h("button", { type: "submit", class: "solid" }, "Xem tiếp")) };
}

async function listView(query) {
  const keyword = query.get("tu-khoa") || "";
  const data = await load("/api/procedures?" + new URLSearchParams({ keyword, page: query.get("trang") || "0" }));
  if (data.verification) return gate(data.verification.ticket);
  const shown = data.totalElements
    ? [h("p", { role: "status" }, environment.hits.replace("{n}", data.totalElements)),
      environment.listing === "table" ? grid(data.content) : h("ol", { class: "lines" }, data.content.map(line)), pager(data, keyword)]
    : h("p", { role: "status", class: "note" }, environment.nothing + (keyword ? ": “" + keyword + "”." : "."));
  return { title: environment.catalogue, body: [h("h1", {}, environment.catalogue), finder(keyword), shown] };
}

function facts(fields) {
  if (environment.sheet === "table") {
    return h("table", { class: "grid" }, h("tbody", {}, fields.map((one) => h("tr", {}, h("th", { scope: "row" }, one.label), h("td", { id: one.id }, one.value)))));
  }
  return h("dl", { class: "facts" }, fields.flatMap((one) => [h("dt", {}, one.label), h("dd", { id: one.id }, one.value)]));
}

async function procedureView(query, code) {
  const one = await load("/api/procedures/" + code);
  const listed = (title, texts) => h("details", { open: true }, h("summary", {}, title), h("ul", {}, texts.map((text) => h("li", {}, text))));
  return { title: one.name, body: h("article", { class: "card" }, h("h1", {}, one.name), facts(one.fields),
    listed("Cách thực hiện", one.steps), listed("Giấy tờ cần có", one.documents),
    h("p", { class: "row" }, one.applyOnline ? link(one.apply, environment.apply, { class: "solid" }) : "Thủ tục này nộp tại bộ phận một cửa.",
      link(links.catalogue, "Các thủ tục khác"))) };
}
