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

// What a preset would do is shown while it is written.
const editor = document.querySelector("form[data-editor]");
if (editor) {
  let asked = 0, typed = 0;
  async function show() {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(editor));
    body.set("do", "preview");
    const answer = await fetch(editor.action, { method: "POST", body });
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["complaints", "preview"]) {
      const part = document.getElementById(id), fresh = page.getElementById(id);
      if (part && fresh && !part.isEqualNode(fresh)) part.replaceWith(document.adoptNode(fresh));
    }
  }
  editor.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(show, 400); });
  const text = editor.querySelector("textarea");
  const written = text.value;
  let isLeft = false;
  editor.addEventListener("submit", () => { isLeft = true; });
  addEventListener("beforeunload", (event) => { if (!isLeft && text.value !== written) event.preventDefault(); });
}

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
