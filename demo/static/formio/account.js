async function login(query) {
  const after = query.get("returnUrl") || "/vi/dossier/my-dossier";
  return { title: "Đăng nhập", body: h("div", { class: "wrap block narrow" }, h("h1", {}, "Đăng nhập"),
    query.get("error") && h("p", { class: "problems", role: "alert" }, "Đăng nhập không thành công, vui lòng thử lại."),
    query.get("returnUrl") && h("p", { role: "status" }, "Bạn cần đăng nhập để tiếp tục."),
    h("p", {}, "Cá nhân, tổ chức sử dụng tài khoản định danh điện tử do Bộ Công an cấp."),
    h("p", { class: "actions" }, link(signOnPath(after), "Đăng nhập bằng tài khoản định danh điện tử", { class: "button", id: "btnSso" })),
    h("p", { class: "hint" }, "Chưa có tài khoản? Liên hệ công an xã, phường nơi cư trú để được hướng dẫn đăng ký.")) };
}

function table(caption, head, rows) {
  return h("div", { class: "scroll" }, h("table", { class: "listing" }, h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, rows)));
}

function documentRow(one, remove) {
  return h("tr", {}, h("th", { scope: "row" }, one.name), h("td", {}, one.size + " byte"), h("td", {}, one.date),
    h("td", { class: "row-actions" }, link(one.content, words.fetch.text, { class: words.fetch.id }),
      h("button", { type: "button", class: words.remove.id, onclick: remove }, words.remove.text)));
}

async function storage() {
  const place = h("div", {});
  const show = (data, errors) => {
    const rows = data.content.map((one) => documentRow(one, () => change(() => erase("/api/documents/" + one.id))));
    const kind = data.owner.type === "organisation" ? "tổ chức" : "cá nhân";
    place.replaceChildren(h("p", {}, "Tài liệu của " + kind + ": " + data.owner.name),
      h("div", { class: "formio-form" }, filePicker(errors, (file) => change(() => upload("/api/documents", file)))),
      rows.length ? table("Danh sách tài liệu", ["Tên tài liệu", "Dung lượng", "Ngày lưu", "Thao tác"], rows)
        : h("p", { class: "empty", role: "status" }, "Chưa có tài liệu nào trong kho."));
  };
  const change = async (work) => {
    try {
      const { id } = await work();
      show(await (id ? listedAfterUpload(id) : load("/api/documents")), {});
    } catch (error) {
      if (error.status === 401) return render();
      show(await load("/api/documents").catch(() => data), error.errors || { file: error.said || "Không kết nối được với máy chủ." });
    }
  };
  const data = await load("/api/documents");
  show(data, {});
  return { title: environment.store, body: h("div", { class: "wrap block" }, h("h1", {}, "Kho dữ liệu điện tử"), place) };
}

async function myDossiers() {
  const place = h("div", {});
  const show = ({ content }) => {
    const withdraw = (one) => async () => {
      await erase("/api/my-dossiers/" + encodeURIComponent(one.code)).catch(() => {});
      show(await load("/api/my-dossiers"));
    };
    const rows = content.map((one) => h("tr", {}, h("th", { scope: "row" }, one.code), h("td", {}, one.procedure),
      h("td", {}, one.content), h("td", {}, one.date),
      h("td", {}, h("button", { type: "button", onclick: withdraw(one) }, "Rút hồ sơ"))));
    place.replaceChildren(rows.length ? table("Hồ sơ đã nộp", ["Mã hồ sơ", "Thủ tục", "Nội dung", "Ngày nộp", "Thao tác"], rows)
      : h("p", { class: "empty", role: "status" }, "Bạn chưa nộp hồ sơ nào."));
  };
  const data = await load("/api/my-dossiers");
  show(data);
  return { title: "Hồ sơ của tôi", body: h("div", { class: "wrap block" }, h("h1", {}, "Hồ sơ của tôi"),
    h("p", {}, "Xin chào, " + data.owner.name), place) };
}

function found(one) {
  const lines = [["Mã hồ sơ", one.code], ["Người nộp", one.applicant], ["Thủ tục", one.procedure], ["Ngày nộp", one.date], ["Trạng thái", one.status]];
  return h("dl", { class: "prefilled", "aria-label": "Tình trạng hồ sơ" }, lines.map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

async function lookup(query) {
  const code = (query.get("code") || "").trim();
  const box = h("input", { id: words.lookup.id, type: "text", placeholder: "000.00.00.H00-000000-0000", value: code });
  const submit = (event) => {
    event.preventDefault();
    go(links.lookup + "?code=" + encodeURIComponent(box.value));
  };
  const content = code ? (await load("/api/dossiers?code=" + encodeURIComponent(code))).content : [];
  return { title: "Tra cứu hồ sơ", body: h("div", { class: "wrap block" }, h("h1", {}, "Tra cứu tình trạng hồ sơ"),
    h("form", { class: "search", autocomplete: "off", onsubmit: submit }, h("label", { for: words.lookup.id }, words.lookup.text),
      h("div", { class: "search-row" }, box, h("button", { type: "submit", class: "button", id: words.find.id }, words.find.text))),
    content.map(found),
    code && !content.length && h("p", { class: "empty", role: "status" }, "Không tìm thấy hồ sơ có mã “" + code + "”. Vui lòng kiểm tra lại mã trên giấy biên nhận.")) };
}

async function feedback() {
  const said = h("p", { role: "status" });
  const give = (values) => async (event) => {
    event.preventDefault();
    said.textContent = await send("/api/feedback", values()).then((reply) => reply.message, (error) => error.errors?.rating || error.said || "Không kết nối được với máy chủ.");
  };
  const rating = () => ({ rating: document.querySelector("input[name=rating]:checked")?.value || "" });
  const complaint = () => ({ complaint: valueOf("complaint") });
  return { title: "Phản ánh, kiến nghị", body: h("div", { class: "wrap block narrow" }, h("h1", {}, "Đánh giá, phản ánh, kiến nghị"),
    environment.notes.feedback.paragraphs.map((text) => h("p", {}, text)), said,
    h("form", { "aria-label": "Đánh giá mức độ hài lòng", onsubmit: give(rating) },
      h("fieldset", {}, h("legend", {}, "Mức độ hài lòng"), ["Rất hài lòng", "Hài lòng", "Không hài lòng"].map((text, index) =>
        h("p", {}, h("input", { type: "radio", id: "rating-" + index, name: "rating", value: String(3 - index) }), " ", h("label", { for: "rating-" + index }, text)))),
      h("button", { type: "submit", class: "button", id: words.rate.id }, words.rate.text)),
    h("form", { class: "formio-form", "aria-label": "Phản ánh, kiến nghị", onsubmit: give(complaint) },
      h("label", { for: "complaint" }, "Nội dung phản ánh, kiến nghị"), h("textarea", { id: "complaint", rows: 4 }),
      h("button", { type: "submit", class: "button" }, "Gửi phản ánh"))) };
}
