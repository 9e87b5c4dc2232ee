function problem(name, errors) {
  return errors[name] && h("div", { class: "formio-errors problem", id: "error-" + name }, errors[name]);
}

function summary(errors) {
  const texts = Object.values(errors);
  return texts.length > 0 && h("div", { class: "problems", role: "alert" },
    h("p", {}, "Vui lòng kiểm tra lại thông tin:"), h("ul", {}, texts.map((text) => h("li", {}, text))));
}

function control(one, value, errors) {
  const shared = {
    id: one.id, name: "data[" + one.id + "]", class: "form-control", disabled: one.disabled,
    "aria-required": one.validate?.required ? "true" : null,
    "aria-invalid": errors[one.key] ? "true" : null,
    "aria-describedby": errors[one.key] ? "error-" + one.key : null,
  };
  if (one.type === "textarea") return h("textarea", { ...shared, rows: 4 }, value);
  return h("input", { ...shared, type: one.type === "email" ? "email" : "text", value });
}

function component(one, value, errors) {
  const required = one.validate?.required;
  return h("div", { class: "form-group formio-component formio-component-" + one.type + (required ? " required" : "") },
    h("label", { for: one.id }, one.label, required && h("span", { class: "star", "aria-hidden": "true" }, " *")),
    control(one, value, errors), problem(one.key, errors));
}

function select(name, options, value, errors) {
  const named = words[name];
  return h("div", { class: "form-group formio-component formio-component-select" },
    h("label", { for: named.id }, named.text),
    h("select", { id: named.id, name: "data[" + named.id + "]", class: "form-control", "aria-invalid": errors[name] ? "true" : null },
      h("option", { value: "" }, "-- Chọn --"),
      options.map(([key, text]) => h("option", { value: key, selected: key === value }, text))),
    problem(name, errors));
}

function filePicker(errors, onfile) {
  const input = h("input", { type: "file", id: words.file.id });
  const button = h("button", { type: "button", class: "button button-second", id: words.upload.id }, words.upload.text);
  button.addEventListener("click", () => busy(button, () => onfile(input.files[0])));
  return h("div", { class: "form-group formio-component formio-component-file" },
    h("label", { for: words.file.id }, words.file.text), h("p", { class: "file-line" }, input, button), problem("file", errors));
}

async function busy(button, work) {
  button.disabled = true;
  await work();
  button.disabled = false;
}

const valueOf = (id) => document.getElementById(id)?.value.trim() || "";
