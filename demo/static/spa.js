const root = document.querySelector("app-root, #app");
const links = environment.links;
const words = environment.words;

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

async function call(path, options) {
  const reply = await fetch(path, { headers: { Accept: "application/json" }, ...options });
  const data = await reply.json().catch(() => ({ status: 500, message: "" }));
  if (!reply.ok || (data.status && data.status >= 500)) {
    throw Object.assign(new Error(String(reply.status)), { status: reply.status, said: data.message, errors: data.errors });
  }
  return data;
}

const load = (path) => call(path);

function send(path, values) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(values || {}) });
}

function upload(path, file) {
  const body = new FormData();
  if (file) body.append("file", file);
  return call(path, { method: "POST", body });
}

const erase = (path) => call(path, { method: "DELETE" });

function link(path, text, attributes) {
  return h("a", { href: path, ...attributes }, text);
}

function signOnPath(after) {
  return environment.signOn + "?next=" + encodeURIComponent(after);
}

async function listedAfterUpload(id) {
  const shown = await load("/api/documents");
  if (shown.content.some((one) => one.id === id)) return shown;
  await pause(1500);
  return load("/api/documents");
}
