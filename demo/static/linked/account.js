async function doorView(query) {
  const after = query.get("tiep") || "/#/ho-so";
  return { title: "Đăng nhập", body: h("section", { class: "card" }, h("h1", {}, "Đăng nhập"),
    query.get("error") && h("div", { role: "alert", class: "warning" }, h("p", {}, "Không đăng nhập được, bạn hãy thử lại.")),
    query.get("tiep") && h("p", {}, "Chức năng này dành cho người đã đăng nhập."),
    h("button", { type: "button", class: "solid", onclick: () => location.assign(signOnPath(after)) }, "Đăng nhập bằng tài khoản định danh điện tử")) };
}

function shelfItem(one, remove) {
  return h("li", {}, h("b", {}, one.name), h("span", {}, " " + one.size + " byte, lưu ngày " + one.date),
    h("span", { class: "row" }, link(one.content, words.fetch.text, { class: words.fetch.id }),
      h("button", { type: "button", class: words.remove.id + " ghost", onclick: remove }, words.remove.text)));
}

async function shelfView() {
  const data = await load("/api/documents");
  const list = h("ul", { class: "shelf", "aria-label": "Tài liệu đã lưu" });
  const box = h("section", { class: "card" });
  const show = ({ content }) => list.replaceChildren(...(content.length
    ? content.map((one) => shelfItem(one, () => change(erase("/api/documents/" + one.id))))
    : [h("li", { class: "none" }, "Kho chưa có tài liệu.")]));
  const change = async (work) => {
    const said = box.querySelector("[role=alert]");
    try {
      const { id } = await work;
      show(await (id ? listedAfterUpload(id) : load("/api/documents")));
      said.replaceWith(warning());
    } catch (error) {
      await refused(said, error);
    }
  };
  show(data);
  box.append(warning(), pickFile((file) => change(upload("/api/documents", file))), list);
  return { title: environment.store, body: [h("h1", {}, environment.store),
    h("p", {}, (data.owner.type === "organisation" ? "Tổ chức: " : "Cá nhân: ") + data.owner.name), box] };
}

async function sentView() {
  const list = h("ul", { class: "shelf", "aria-label": "Hồ sơ đã gửi" });
  const show = ({ content }) => list.replaceChildren(...(content.length ? content.map((one) =>
    h("li", {}, h("b", {}, one.code), h("span", {}, " " + one.procedure + " (" + one.date + "): " + one.content),
      h("button", { type: "button", class: "ghost", onclick: () => withdraw(one.code) }, "Rút hồ sơ")))
    : [h("li", { class: "none" }, "Bạn chưa gửi hồ sơ nào.")]));
  const withdraw = async (code) => {
    await erase("/api/my-dossiers/" + encodeURIComponent(code)).catch(() => {});
    show(await load("/api/my-dossiers"));
  };
  const data = await load("/api/my-dossiers");
  show(data);
  return { title: "Hồ sơ đã gửi", body: [h("h1", {}, "Hồ sơ đã gửi"), h("p", {}, "Xin chào " + data.owner.name), h("section", { class: "card" }, list)] };
}

function state(one) {
  return h("table", { class: "grid" }, h("caption", {}, "Hồ sơ " + one.code), h("tbody", {},
    [["Người yêu cầu", one.applicant], ["Thủ tục", one.procedure], ["Ngày", one.date], ["Tình trạng", one.status]].map(([name, value]) =>
      h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));
}

async function trackView(query) {
  const code = (query.get("so") || "").trim();
  const box = h("input", { id: words.lookup.id, type: "text", class: "line", value: code });
  const submit = (event) => {
    event.preventDefault();
    go(links.lookup + "?so=" + encodeURIComponent(box.value));
  };
  const content = code ? (await load("/api/dossiers?code=" + encodeURIComponent(code))).content : [];
  return { title: "Tra cứu hồ sơ", body: [h("h1", {}, "Tra cứu hồ sơ"),
    h("form", { class: "finder", autocomplete: "off", onsubmit: submit }, h("label", { for: words.lookup.id }, words.lookup.text), box,
      h("button", { type: "submit", id: words.find.id, class: "solid" }, words.find.text)),
    content.map(state), code && !content.length && h("p", { role: "status", class: "note" }, "Không có hồ sơ nào mang số “" + code + "”.")] };
}

async function opinionView() {
  const said = h("p", { role: "status" });
  const give = (read) => async (event) => {
    event.preventDefault();
    said.textContent = await send("/api/feedback", read()).then((reply) => reply.message, (error) => error.errors?.rating || error.said || "Mất kết nối tới máy chủ.");
  };
  const stars = h("select", { id: "muc-do", class: "line" }, ["", "Rất hài lòng", "Hài lòng", "Chưa hài lòng"].map((text) => h("option", { value: text }, text || "Chọn mức độ")));
  const complaint = h("textarea", { id: "noi-dung-phan-anh", rows: 4, class: "line" });
  return { title: "Đánh giá, phản ánh", body: [h("h1", {}, "Đánh giá, phản ánh"), said,
    h("form", { class: "card", "aria-label": "Đánh giá", onsubmit: give(() => ({ rating: stars.value })) },
      h("label", { for: "muc-do" }, "Mức độ hài lòng"), stars, h("button", { type: "submit", class: "solid", id: words.rate.id }, words.rate.text)),
    h("form", { class: "card", "aria-label": "Phản ánh, kiến nghị", onsubmit: give(() => ({ complaint: complaint.value })) },
      h("label", { for: "noi-dung-phan-anh" }, "Nội dung phản ánh, kiến nghị"), complaint, h("button", { type: "submit", class: "solid" }, "Gửi phản ánh"))] };
}
