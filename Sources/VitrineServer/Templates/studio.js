// What makes the pages lively; each works without it.

const live = () => [...document.querySelectorAll("[data-live]")];

// Videos of the catalogue play while they are looked at.
const still = matchMedia("(prefers-reduced-motion: reduce)");
function look(card, isLooked) {
  const video = card?.querySelector("video[data-hover]");
  if (!video || still.matches) return;
  video.classList.toggle("on", isLooked);
  if (isLooked) video.play().catch(() => video.classList.remove("on"));
  else video.pause();
}
for (const [name, isLooked] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(name, (event) => {
    const card = event.target.closest?.(".card .view");
    if (card && !(event.relatedTarget && card.contains(event.relatedTarget))) look(card, isLooked);
  });
}

// How many products are chosen.
function count(form) {
  const chosen = form.querySelectorAll("input[name=product]:checked").length;
  form.querySelector("[data-count]").textContent = chosen === 0
    ? "Select products to make videos of them." : chosen === 1 ? "One product selected" : `${chosen} products selected`;
  form.querySelector("[data-tray]").classList.toggle("away", chosen === 0);
}
for (const form of document.querySelectorAll("form[data-select]")) {
  if (!form.querySelector("[data-tray]")) continue;
  form.addEventListener("change", () => count(form));
  count(form);
}

// One key decides.
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input, textarea, select")) return;
  document.querySelector(`[data-keys] [data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
});

// A form is sent once.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  for (const field of event.target.querySelectorAll("input[type=file]")) if (!field.files.length) field.disabled = true;
  if (event.defaultPrevented) return;
  setTimeout(() => { for (const button of event.target.querySelectorAll("button")) button.disabled = true; });
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Feeds are dropped anywhere.
const drop = document.querySelector("[data-drop]");
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
if (drop && document.querySelector(".bar")) {
  addEventListener("dragenter", (event) => { if (hasFiles(event)) drop.hidden = false; });
  addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  drop.addEventListener("dragleave", () => { drop.hidden = true; });
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const isPicture = (file) => /^image\//.test(file.type) || /\.(jpe?g|png|webp)$/i.test(file.name);
    const files = [...event.dataTransfer.files];
    const feed = files.find((file) => !isPicture(file));
    if (!feed) { drop.hidden = true; return; }
    drop.querySelector("p").textContent = `Sending ${feed.name}…`;
    const body = new FormData();
    body.append("feed", feed);
    for (const file of files.filter(isPicture)) body.append("picture", file);
    const answer = await fetch(`/studio/imports?form=${encodeURIComponent(drop.dataset.form)}`, { method: "POST", body });
    location = answer.redirected ? answer.url : "/studio/imports";
  });
}

// What changes elsewhere changes here: parts of the page that are alive are asked for again.
let wanted = 0;
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of live()) {
    const fresh = page.getElementById(part.id);
    if (fresh) renew(part, fresh);
  }
}
// Only what is another than before is exchanged, so that nothing that plays, is open or chosen is disturbed.
function renew(part, fresh) {
  if (part.isEqualNode(fresh)) return;
  const olds = [...part.children], news = [...fresh.children];
  const isSame = olds.length === news.length && olds.every((old, index) => old.tagName === news[index].tagName && old.id === news[index].id);
  if (isSame && olds.length && !part.matches(".line, .row")) olds.forEach((old, index) => renew(old, news[index]));
  else if (!part.contains(document.activeElement) || !part.querySelector(":focus:is(input, textarea, select)")) exchange(part, fresh);
}
function exchange(part, fresh) {
  const chosen = new Set([...part.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value));
  part.replaceWith(document.adoptNode(fresh));
  for (const box of fresh.querySelectorAll("input[type=checkbox]")) box.checked = chosen.has(box.value);
}
// A page that waits for work of the service itself asks again until that is done.
if (document.querySelector("[data-busy]")) {
  const again = setInterval(async () => {
    await refresh();
    if (!document.querySelector("[data-busy]")) clearInterval(again);
  }, 1000);
}
if (live().length && document.querySelector(".bar")) {
  const events = new EventSource("/v1/events");
  const soon = () => { clearTimeout(wanted); wanted = setTimeout(refresh, 250); };
  const topics = live().some((part) => part.dataset.topic === "import") ? ["import"] : ["job", "video", "import"];
  for (const topic of topics) events.addEventListener(topic, soon);
  addEventListener("pagehide", () => events.close());
}

// Parts of a page that a form is answered with take the place of those that are there.
async function answered(form, what, ids) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", what);
  const answer = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return () => {
    // What could not be done is told where the answer would stand.
    if (!answer.ok || answer.redirected) {
      const told = document.getElementById(ids[0]), words = page.querySelector("main")?.innerText.trim();
      told.textContent = answer.redirected || !words ? "Load the page again: you are not signed in any more." : words;
      return;
    }
    for (const id of ids) {
      const part = document.getElementById(id), fresh = page.getElementById(id);
      if (part && fresh && !part.isEqualNode(fresh)) part.replaceWith(document.adoptNode(fresh));
    }
  };
}

// Drafts are asked for until they are there.
async function follow(draft) {
  while (draft?.isConnected && draft.dataset.draft) {
    await new Promise((go) => setTimeout(go, 1000));
    const answer = await fetch(draft.dataset.draft);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(draft.id);
    if (!fresh || draft.isEqualNode(fresh)) continue;
    draft.replaceWith(document.adoptNode(fresh));
    draft = fresh;
  }
}
const followAll = () => { for (const draft of document.querySelectorAll("[data-draft]")) follow(draft); };
followAll();

// What a preset would do is shown while it is written.
const editor = document.querySelector("form[data-editor]");
if (editor) {
  const asked = {};
  let typed = 0, isLeft = false;
  async function show(what, ids) {
    const mine = asked[what] = (asked[what] ?? 0) + 1;
    const renewed = await answered(editor, what, ids);
    if (mine === asked[what]) renewed();
  }
  editor.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => show("preview", ["complaints", "preview"]), 400); });
  const text = editor.querySelector("textarea");
  const written = editor.hasAttribute("data-dirty") ? null : text.value;
  editor.addEventListener("submit", async (event) => {
    const button = event.submitter, what = button?.value ?? "preview";
    if (what === "save") { isLeft = true; return; }
    event.preventDefault();
    button?.setAttribute("aria-busy", "true");
    await show(what, what === "preview" ? ["complaints", "preview"] : ["complaints", "outcome"]);
    button?.removeAttribute("aria-busy");
    followAll();
  });
  addEventListener("beforeunload", (event) => { if (!isLeft && text.value !== written) event.preventDefault(); });
  if (!text.readOnly) complete(editor, text);
}

// Keys and values are offered where they may stand, by the schema of the language.
async function complete(form, text) {
  const answer = await fetch("/v1/presets/schema");
  if (!answer.ok) return;
  const schema = await answer.json(), known = form.dataset;
  const names = { style: known.styles.split(" "), extends: known.presets.split(" "), provider: known.providers.split(" ") };
  const whole = (part) => (part?.$ref ? whole(schema.$defs[part.$ref.split("/").pop()]) : part?.items ? whole(part.items) : part);
  const within = (part, key) => whole(part?.properties?.[key] ?? (part?.additionalProperties || undefined));
  const root = whole({ $ref: known.kind === "style" ? "#/$defs/style_book" : "#/$defs/preset" });

  // The keys above a line, by their indentation, and those of braces that are open in it.
  function path(lines, line) {
    const keys = [];
    const depth = (row) => row.match(/^\s*(- )?/)[0].length;
    let least = depth(line);
    for (const row of lines.reverse()) {
      const key = row.match(/^\s*(?:- )?([a-z_]+):\s*$/)?.[1];
      if (row.trim() && key && row.match(/^\s*/)[0].length < least) { keys.unshift(key); least = row.match(/^\s*/)[0].length; }
    }
    for (const open of line.matchAll(/([a-z_]+):\s*\{(?=[^}]*$)/g)) keys.push(open[1]);
    return keys;
  }
  function offers() {
    const before = text.value.slice(0, text.selectionStart), lines = before.split("\n"), line = lines.pop();
    const value = line.match(/(?:^\s*(?:- )?|[{,]\s*)([a-z_]+):\s*\[?(?:[^\]]*,\s*)?([a-z0-9:-]*)$/);
    const key = line.match(/(?:^\s*(?:- )?|[{,]\s*)([a-z_]*)$/);
    let part = root;
    for (const name of path(lines, line)) part = within(part, name) ?? {};
    if (value) {
      const at = within(part, value[1]);
      const all = names[value[1]] ?? at?.enum?.map(String) ?? (at?.type === "boolean" ? ["true", "false"] : []);
      return { typed: value[2], all, tail: "" };
    }
    return key ? { typed: key[1], all: Object.keys(part?.properties ?? {}), tail: ": " } : { typed: "", all: [], tail: "" };
  }

  const list = document.createElement("ul");
  Object.assign(list, { id: "words", className: "words", role: "listbox", hidden: true, ariaLabel: "What may stand here" });
  text.parentElement.append(list);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", "words");
  const style = getComputedStyle(text), ruler = document.createElement("canvas").getContext("2d");
  ruler.font = `${style.fontSize} ${style.fontFamily}`;
  let at = 0, offer = offers();
  const shown = () => [...list.children];
  function close() { list.hidden = true; text.removeAttribute("aria-activedescendant"); }
  function mark(index) {
    at = (index + shown().length) % shown().length;
    shown().forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    shown()[at].scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", shown()[at].id);
  }
  function open(isAsked) {
    offer = offers();
    const fits = offer.all.filter((word) => word.startsWith(offer.typed) && word !== offer.typed);
    if (!fits.length || (!isAsked && !offer.typed)) return close();
    list.replaceChildren(...fits.slice(0, 40).map((word, place) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `word-${place}`, role: "option", textContent: word });
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); mark(place); take(); });
      return item;
    }));
    const lines = text.value.slice(0, text.selectionStart).split("\n"), high = parseFloat(style.lineHeight);
    list.hidden = false;
    list.style.top = `${Math.min(lines.length * high - text.scrollTop + 10, text.clientHeight - 20)}px`;
    list.style.left = `${Math.max(0, Math.min(ruler.measureText(lines.at(-1)).width - text.scrollLeft, text.clientWidth - 200))}px`;
    mark(0);
  }
  function take() {
    const { typed, tail } = offer, word = shown()[at].textContent.slice(typed.length) + tail;
    close();
    // The one way of writing that the browser's own undo knows.
    if (!document.execCommand("insertText", false, word)) text.setRangeText(word, text.selectionStart, text.selectionEnd, "end");
    if (tail) open(true);
  }
  text.addEventListener("input", (event) => { if (event.inputType !== "historyUndo") open(false); });
  text.addEventListener("blur", close);
  text.addEventListener("scroll", close);
  text.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); open(true); return; }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(at + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (event.key === "Enter") { event.preventDefault(); take(); }
    else if (event.key === "Escape") { event.stopPropagation(); close(); }
    else if (event.key.startsWith("Arrow")) close();
  });
}

// A take's price follows what is chosen for it.
for (const form of document.querySelectorAll("form[data-quote]")) {
  let asked = 0;
  async function quote() {
    const mine = ++asked, renewed = await answered(form, "price", ["quote"]);
    if (mine === asked) renewed();
  }
  form.addEventListener("change", quote);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "price") return;
    event.preventDefault();
    quote();
  });
}
for (const field of document.querySelectorAll("[data-submits]")) field.addEventListener("change", () => field.form.requestSubmit());

// Two takes are played in step by one button, and a take is drawn over its photo.
for (const step of document.querySelectorAll("[data-step]")) {
  const [first, ...rest] = step.querySelectorAll("video");
  const deck = step.querySelector("[data-deck]"), play = deck.querySelector("[data-play]");
  const scrub = deck.querySelector("[data-scrub]"), cut = deck.querySelector("[data-cut]");
  const all = [first, ...rest];
  deck.hidden = false;
  for (const video of all) video.controls = false;
  const length = () => Math.min(...all.map((video) => video.duration || Infinity));
  play.addEventListener("click", () => {
    if (first.paused) {
      for (const video of rest) video.currentTime = first.currentTime;
      for (const video of all) video.play();
    } else for (const video of all) video.pause();
  });
  first.addEventListener("play", () => { play.textContent = "Pause"; });
  first.addEventListener("pause", () => { play.textContent = "Play"; });
  first.addEventListener("timeupdate", () => {
    if (Number.isFinite(length())) scrub.value = (first.currentTime / length()) * 1000;
    for (const video of rest) if (Math.abs(video.currentTime - first.currentTime) > 0.15) video.currentTime = first.currentTime;
  });
  scrub.addEventListener("input", () => {
    if (Number.isFinite(length())) for (const video of all) video.currentTime = (scrub.value / 1000) * length();
  });
  cut?.addEventListener("input", () => { step.querySelector(".frame").style.setProperty("--cut", `${cut.value}%`); });
}
document.querySelector("[data-choose]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
