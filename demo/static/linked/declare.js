const RECEIVING = [["counter", "Đến bộ phận một cửa nhận"], ["post", "Nhận qua bưu chính tại nhà"]];

function warning(errors) {
  const texts = Object.values(errors || {});
  return h("div", { role: "alert", class: texts.length ? "warning" : null }, texts.map((text) => h("p", {}, text)));
}

function entry(one, value) {
  const must = one.validate?.required;
  const shared = { id: one.id, name: one.id, class: "line", readonly: one.disabled, required: must };
  return h("div", { class: "entry" }, h("label", { for: one.id }, one.label + (must ? " (bắt buộc)" : "")),
    one.type === "textarea" ? h("textarea", { ...shared, rows: 3 }, value) : h("input", { ...shared, type: "text", value }));
}

function pickFile(give) {
  const input = h("input", { type: "file", id: words.file.id });
  return h("div", { class: "entry" }, h("label", { for: words.file.id }, words.file.text), input,
    h("button", { type: "button", id: words.upload.id, class: "ghost", onclick: () => give(input.files[0]) }, words.upload.text));
}

function pickStored(documents, give) {
  if (!environment.store) return null;
  const choice = h("select", { id: words.choose.id, class: "line" }, h("option", { value: "" }, "Chưa chọn"),
    documents.map((one) => h("option", { value: one.id }, one.name)));
  return h("div", { class: "entry" }, h("label", { for: words.choose.id }, words.choose.text), choice,
    h("button", { type: "button", id: words.take.id, class: "ghost", onclick: () => give(choice.value) }, words.take.text));
}

function papers(names) {
  return names.length ? names.map((name) => h("li", {}, name)) : [h("li", { class: "none" }, "Chưa có tệp nào.")];
}

async function refused(said, error) {
  if (error.status === 401) return render();
  return said.replaceWith(warning(error.errors && Object.keys(error.errors).length ? error.errors : { all: error.said || "Mất kết nối tới máy chủ." }));
}

function child() {
  return [h("h2", {}, "Người được khai sinh"), h("div", { class: "entry" },
    h("label", { for: "ho-ten-con" }, "Họ, chữ đệm, tên (nếu đã đặt)"), h("input", { id: "ho-ten-con", type: "text", class: "line" }))];
}

function declaration(opened, path) {
  const own = opened.form.components.filter((one) => !one.disabled);
  const list = h("ul", { "aria-label": "Giấy tờ đã nhận" }, papers(opened.files));
  const said = () => form.querySelector("[role=alert]");
  const attach = async (work) => {
    try {
      list.replaceChildren(...papers((await work).files));
      said().replaceWith(warning());
    } catch (error) {
      await refused(said(), error);
    }
  };
  const submit = (event) => {
    event.preventDefault();
    const values = Object.fromEntries(own.map((one) => [one.key, document.getElementById(one.id).value]));
    return hold(event.submitter, () => send(path + "/steps/0", values).then(() => go("/#/ke-khai/" + opened.procedure.code + "/xac-nhan"), (error) => refused(said(), error)));
  };
  const form = h("form", { class: "card", novalidate: true, autocomplete: "off", onsubmit: submit }, warning(),
    h("h2", {}, "Người yêu cầu"), opened.form.components.map((one) => entry(one, one.defaultValue ?? opened.data[one.key] ?? "")),
    /khai sinh/i.test(opened.procedure.name) && child(), h("h2", {}, "Giấy tờ kèm theo"), list,
    pickFile((file) => attach(upload(path + "/files", file))),
    pickStored(opened.documents, (id) => attach(send(path + "/stored", { id }))),
    h("p", { class: "row" }, h("button", { type: "submit", id: environment.steps[0].id, class: "solid" }, environment.steps[0].onward),
      h("button", { type: "button", class: "ghost", onclick: () => window.print() }, "In tờ khai")));
  return form;
}

function confirmation(opened, path) {
  const form = h("form", { class: "card", novalidate: true, autocomplete: "off" }, warning(),
    h("h2", {}, "Phí và nơi nhận kết quả"),
    h("p", { class: "row" }, h("span", {}, "Số tiền: " + opened.fee + " đồng"),
      h("button", { type: "button", id: words.pay.id, class: "ghost", onclick: () => location.assign(environment.pay) }, words.pay.text)),
    h("fieldset", { id: words.delivery.id }, h("legend", {}, words.delivery.text), RECEIVING.map(([key, text]) =>
      h("p", {}, h("input", { type: "radio", name: words.delivery.id, id: words.delivery.id + "-" + key, value: key, checked: key === opened.delivery }), " ",
        h("label", { for: words.delivery.id + "-" + key }, text)))),
    h("p", {}, h("input", { type: "checkbox", id: words.agree.id }), " ", h("label", { for: words.agree.id }, words.agree.text)),
    h("p", { class: "row" }, h("button", { type: "submit", id: environment.steps[1].id, class: "solid" }, environment.steps[1].onward),
      link("/#/ke-khai/" + opened.procedure.code + "/to-khai", "Sửa tờ khai")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const delivery = form.querySelector("input[type=radio]:checked")?.value || "";
    const agree = document.getElementById(words.agree.id).checked ? "1" : "";
    hold(event.submitter, () => send(path + "/steps/1", { delivery, agree }).then((reply) => go("/#/ket-qua/" + reply.code), (error) => refused(form.querySelector("[role=alert]"), error)));
  });
  return form;
}

async function hold(button, work) {
  if (button) button.disabled = true;
  await work();
  if (button) button.disabled = false;
}

async function declareView(query, code, part) {
  const path = "/api/applications/" + code;
  const opened = await load(path);
  const second = part === "to-khai" ? false : opened.step > 0;
  const at = second ? 1 : 0;
  return { title: "Kê khai trực tuyến", body: [h("h1", {}, "Kê khai trực tuyến"), h("p", {}, opened.procedure.name),
    h("p", { class: "stage" }, "Bước " + (at + 1) + "/2: " + environment.steps[at].title), (second ? confirmation : declaration)(opened, path)] };
}

async function receiptView(query, code) {
  const [one] = (await load("/api/my-dossiers")).content.filter((each) => each.code === code);
  if (!one) throw Object.assign(new Error("404"), { status: 404 });
  return { title: "Phiếu tiếp nhận", body: h("section", { class: "card slip" }, h("h1", {}, "Phiếu tiếp nhận"),
    h("p", {}, "Số hồ sơ: ", h("b", {}, one.code)), h("p", {}, "Ngày: ", h("b", {}, one.date)),
    h("p", { class: "row" }, h("button", { type: "button", class: "ghost", onclick: () => window.print() }, "In phiếu"), link("/#/ho-so", "Hồ sơ đã gửi"))) };
}
