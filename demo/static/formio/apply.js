const DELIVERIES = [["counter", "Nhận trực tiếp tại bộ phận một cửa"], ["post", "Nhận qua bưu chính công ích"]];

function stepList(current) {
  const names = [...environment.steps.map((one) => one.title), "Kết quả"];
  return h("ol", { class: "wizard" }, names.map((name, index) =>
    h("li", { "aria-current": index === current ? "step" : null }, name)));
}

function buttons(wizard, form) {
  const { id, onward } = environment.steps[wizard.step];
  const back = () => wizard.show(wizard.step - 1);
  return h("p", { class: "actions" },
    wizard.step > 0 && h("button", { type: "button", class: "button button-second", onclick: back }, "Quay lại"),
    h("button", { type: "submit", class: "button", id, form }, onward),
    link(links.home, "Hủy bỏ"));
}

function information(wizard, errors) {
  const { components } = wizard.opened.form;
  const submit = (event) => {
    event.preventDefault();
    for (const one of components) if (!one.disabled) wizard.values[one.key] = valueOf(one.id);
    wizard.give(event, wizard.values);
  };
  return [h("h2", {}, "Thông tin người nộp hồ sơ"), summary(errors),
    h("form", { id: "formioForm", class: "formio-form", novalidate: true, autocomplete: "off", onsubmit: submit },
      components.map((one) => component(one, one.defaultValue ?? wizard.values[one.key] ?? "", errors))),
    buttons(wizard, "formioForm")];
}

function fromStore(wizard, errors) {
  if (!environment.store) return null;
  const options = wizard.opened.documents.map((one) => [one.id, one.name]);
  const take = (event) => busy(event.target, () => wizard.attach(() => send(wizard.path + "/stored", { id: valueOf(words.choose.id) })));
  return h("div", { class: "from-store" }, select("choose", options, "", errors),
    h("button", { type: "button", class: "button button-second", id: words.take.id, onclick: take }, words.take.text));
}

function attachments(wizard, errors) {
  const submit = (event) => {
    event.preventDefault();
    wizard.give(event, {});
  };
  const { files } = wizard.opened;
  return [h("h2", {}, "Giấy tờ đính kèm"), summary(errors),
    files.length ? h("ul", { class: "attached", "aria-label": "Giấy tờ đã đính kèm" }, files.map((name) => h("li", {}, name)))
      : h("p", { class: "empty" }, "Chưa có giấy tờ nào được đính kèm."),
    h("form", { id: "fileForm", class: "formio-form", novalidate: true, onsubmit: submit },
      filePicker(errors, (file) => wizard.attach(() => upload(wizard.path + "/files", file))),
      fromStore(wizard, errors)),
    buttons(wizard, "fileForm")];
}

function captcha(wizard, errors) {
  const asked = wizard.opened.captcha;
  if (!asked.required) return h("p", { class: "hint" }, "Tài khoản thử nghiệm: không cần nhập mã xác nhận.");
  return [h("img", { src: "/xac-nhan/anh/" + asked.ticket + ".png", width: 170, height: 55, alt: "Mã CAPTCHA gồm năm chữ số" }),
    h("label", { for: "captchaCode" }, "Nhập mã xác nhận trong hình"),
    h("input", { id: "captchaCode", type: "text", inputmode: "numeric", maxlength: 5, "aria-required": "true" }),
    problem("captcha", errors)];
}

function fee(wizard, errors) {
  const submit = (event) => {
    event.preventDefault();
    wizard.opened.delivery = valueOf(words.delivery.id);
    wizard.agreed = document.getElementById(words.agree.id).checked;
    wizard.give(event, { delivery: wizard.opened.delivery, agree: wizard.agreed ? "1" : "", ticket: wizard.opened.captcha.ticket, code: valueOf("captchaCode") });
  };
  return [h("h2", {}, "Lệ phí và hình thức nhận kết quả"), summary(errors),
    h("p", { class: "fee-line" }, "Phí, lệ phí phải nộp: ", h("strong", {}, wizard.opened.fee + " đồng"), " ",
      link(environment.pay, words.pay.text, { class: "button button-second", id: words.pay.id })),
    h("div", { class: "formio-form" }, select("delivery", DELIVERIES, wizard.opened.delivery, errors),
      h("p", { class: "form-check" }, h("input", { type: "checkbox", id: words.agree.id, checked: wizard.agreed }), " ",
        h("label", { for: words.agree.id }, words.agree.text)), problem("agree", errors)),
    h("form", { id: "captchaForm", class: "captcha-form", novalidate: true, autocomplete: "off", onsubmit: submit }, captcha(wizard, errors)),
    buttons(wizard, "captchaForm")];
}

function result(wizard) {
  const { code, date, agency } = wizard.receipt;
  return [h("h2", {}, "Kết quả nộp hồ sơ"), h("p", { role: "status" }, "Hồ sơ đã được gửi đến " + agency + "."),
    h("dl", { class: "prefilled" }, h("div", {}, h("dt", {}, "Mã hồ sơ"), h("dd", { class: "dossier-code" }, code)),
      h("div", {}, h("dt", {}, "Ngày nộp"), h("dd", {}, date))),
    h("p", { class: "actions" }, link("/vi/dossier/my-dossier", "Hồ sơ của tôi"), link(links.home, "Về trang chủ"))];
}

const STEPS = [information, attachments, fee, result];

async function apply(query, id) {
  const path = "/api/applications/" + id;
  const opened = await load(path);
  const place = h("div", {});
  const wizard = {
    path, opened, values: opened.data, step: opened.step,
    show(step, errors) {
      wizard.step = step;
      place.replaceChildren(...[stepList(step), h("p", { class: "lead" }, opened.procedure.name), ...STEPS[step](wizard, errors || {})].filter(Boolean));
    },
    failed(error) {
      if (error.status === 401) return render();
      if (error.status !== 422) return wizard.show(wizard.step, { all: error.said || "Không kết nối được với máy chủ." });
      return wizard.retry(error.errors);
    },
    async retry(errors) {
      if (errors.captcha) opened.captcha = (await load(path)).captcha;
      wizard.show(wizard.step, errors);
    },
    give(event, values) {
      return busy(event.submitter || event.target, async () => {
        try {
          const reply = await send(path + "/steps/" + wizard.step, values);
          if (environment.late) await pause(Math.random() * environment.late);
          wizard.receipt = reply;
          wizard.show(reply.code ? STEPS.length - 1 : reply.step);
        } catch (error) {
          await wizard.failed(error);
        }
      });
    },
    async attach(work) {
      try {
        opened.files = (await work()).files;
        wizard.show(wizard.step);
      } catch (error) {
        await wizard.failed(error);
      }
    },
  };
  wizard.show(wizard.step);
  return { title: "Nộp hồ sơ trực tuyến", body: h("div", { class: "wrap block" }, h("h1", {}, "Nộp hồ sơ trực tuyến"), place) };
}
