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
