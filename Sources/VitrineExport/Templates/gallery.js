"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const cards = Array.from(document.querySelectorAll(".card"));

  /* Colours: as the system has them until the switch is used. */
  const root = document.documentElement;
  const theme = find("theme");
  const remembered = () => { try { return localStorage.getItem("vitrine-theme"); } catch { return null; } };
  const remember = (name) => { try { localStorage.setItem("vitrine-theme", name); } catch { /* a page from disk may not be allowed to */ } };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  const asked = remembered();
  if (asked === "dark" || asked === "light") root.dataset.theme = asked;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    showTheme();
  });
  dark.addEventListener("change", showTheme);
  showTheme();

  /* Finding: every card is shown or not; the browser lays out only those in sight. */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = find("words"), category = find("category"), preset = find("preset"), found = find("found"), nothing = find("nothing");
  let texts = null;
  function filter() {
    texts = texts || cards.map((card) => plain(card.dataset.q));
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const c = category ? category.value : "", p = preset ? preset.value : "";
    let count = 0;
    cards.forEach((card, index) => {
      const fits = (!c || card.dataset.c === c) && (!p || card.dataset.p === p) && wanted.every((word) => texts[index].includes(word));
      if (card.hidden === fits) card.hidden = !fits;
      if (fits) count += 1;
    });
    const all = cards.length;
    found.textContent = count === all ? "" : `${count} of ${all} ${all === 1 ? "product" : "products"}`;
    nothing.hidden = count > 0 || all === 0;
  }
  let waiting = 0;
  words.addEventListener("input", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(filter); });
  for (const select of [category, preset]) if (select) select.addEventListener("change", filter);
  find("bar").addEventListener("submit", (event) => event.preventDefault());
  find("reset").addEventListener("click", () => { find("bar").reset(); filter(); words.focus(); });
  find("bar").hidden = false;
  filter();
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
    if (event.key === "/" && !typing && !sheet.open) { event.preventDefault(); words.focus(); }
  });

  /* Playing in place: a video element comes when it is wanted and goes when it is not. */
  const gone = new IntersectionObserver((entries) => { for (const entry of entries) if (!entry.isIntersecting) stop(entry.target); });
  function start(link) {
    if (link.querySelector("video")) return;
    const video = document.createElement("video");
    video.muted = true;
    video.loop = true;
    video.playsInline = true;
    video.setAttribute("aria-hidden", "true");
    video.tabIndex = -1;
    video.src = link.href;
    video.addEventListener("playing", () => { video.classList.add("on"); link.parentNode.classList.add("live"); }, { once: true });
    video.addEventListener("error", () => stop(link), { once: true });
    link.append(video);
    gone.observe(link);
    video.play().catch(() => stop(link));
  }
  function stop(link) {
    const video = link.querySelector("video");
    if (!video) return;
    gone.unobserve(link);
    video.pause();
    video.removeAttribute("src");
    video.load();
    video.remove();
    link.parentNode.classList.remove("live");
  }
  const clip = (event) => (event.target instanceof Element ? event.target.closest(".clip a") : null);
  const products = find("products");
  products.addEventListener("pointerover", (event) => {
    const link = clip(event);
    if (link && event.pointerType === "mouse" && !still.matches) start(link);
  });
  products.addEventListener("pointerout", (event) => {
    const link = clip(event);
    if (link && event.pointerType === "mouse" && !link.contains(event.relatedTarget)) stop(link);
  });
  products.addEventListener("focusin", (event) => {
    const link = clip(event);
    if (link && link.matches(":focus-visible") && !still.matches) start(link);
  });
  products.addEventListener("focusout", (event) => { const link = clip(event); if (link) stop(link); });
  let touched = false;
  products.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" || event.pointerType === "pen"; });
  products.addEventListener("click", (event) => {
    const link = clip(event);
    const card = event.target.closest(".card");
    if (link) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      if (touched && event.detail && !still.matches) { if (link.querySelector("video")) stop(link); else { for (const other of products.querySelectorAll(".clip.live a")) stop(other); start(link); } return; }
      stop(link);
      open(card, Number(link.dataset.v));
    } else if (card && event.target.closest(".open, .shot a")) {
      const photo = event.target.closest(".shot a");
      if (photo && (event.ctrlKey || event.metaKey || event.shiftKey || event.button)) return;
      event.preventDefault();
      open(card, photo ? -1 : 0);
    }
  });

  /* The large view. */
  const sheet = find("sheet"), view = find("view"), tabs = find("tabs"), table = find("table");
  let data = null, card = null;
  const read = () => (data = data || JSON.parse(find("data").textContent));
  const make = (name, text) => { const element = document.createElement(name); if (text !== undefined) element.textContent = text; return element; };
  function open(target, index) {
    card = target;
    const product = read()[Number(card.dataset.n)];
    find("sheet-title").textContent = product.title;
    find("sheet-place").textContent = product.place || "";
    const choices = product.videos.map((video) => video.placement);
    if (product.photo) choices.push("Photo");
    tabs.replaceChildren(...choices.map((name, number) => {
      const button = make("button", name);
      button.type = "button";
      button.id = `tab-${number}`;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", "view");
      button.addEventListener("click", () => choose(number));
      return button;
    }));
    tabs.hidden = choices.length === 0;
    const list = shown();
    const position = list.indexOf(card);
    find("before").disabled = position <= 0;
    find("after").disabled = position < 0 || position >= list.length - 1;
    if (!sheet.open) sheet.showModal();
    choose(index < 0 ? choices.length - 1 : Math.min(index, choices.length - 1));
    find("close").focus({ preventScroll: true });
  }
  function choose(number) {
    const product = read()[Number(card.dataset.n)];
    const video = product.videos[number];
    Array.from(tabs.children).forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === number));
      tab.tabIndex = index === number ? 0 : -1;
    });
    view.setAttribute("aria-labelledby", `tab-${Math.max(0, number)}`);
    view.replaceChildren();
    const facts = [["SKU", (video ? video.skus : product.skus).join(", ")], ["Brand", product.brand], ["Preset", product.preset]];
    if (video) {
      const player = make("video");
      player.muted = true;
      player.loop = true;
      player.playsInline = true;
      player.controls = true;
      player.poster = video.poster;
      player.width = video.width;
      player.height = video.height;
      player.src = video.file;
      player.setAttribute("aria-label", `Video ${video.placement} of ${product.title}`);
      view.append(player);
      if (!still.matches) player.play().catch(() => {});
      facts.push(["Length", video.length], ["Size", video.size], ["Made by", video.maker], ["Take", video.take], ["File", video.weight]);
    } else if (product.photo) {
      const picture = make("img");
      picture.src = product.photo.file;
      picture.alt = `Photo of ${product.title}`;
      view.append(picture);
    } else {
      view.append(make("p", product.note || "No video"));
    }
    if (!video && product.note) facts.push(["No video", product.note]);
    table.replaceChildren(...facts.filter((fact) => fact[1]).flatMap(([name, value]) => [make("dt", name), make("dd", value)]));
    find("prompt").hidden = !(video && video.prompt);
    find("prompt-text").textContent = video ? video.prompt : "";
    const link = find("download");
    const file = video ? video.file : product.photo ? product.photo.file : "";
    link.hidden = !file;
    link.href = file;
    link.download = file.split("/").pop();
    link.textContent = video ? `Download ${video.placement}` : "Download photo";
  }
  const shown = () => cards.filter((one) => !one.hidden);
  function move(step) {
    const list = shown();
    const next = list[list.indexOf(card) + step];
    if (!next) return;
    next.scrollIntoView({ block: "nearest" });
    open(next, 0);
  }
  find("before").addEventListener("click", () => move(-1));
  find("after").addEventListener("click", () => move(1));
  find("close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener("close", () => {
    view.replaceChildren();
    const button = card && card.querySelector(".open");
    if (button) button.focus({ preventScroll: true });
  });
  sheet.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step || event.target.tagName === "VIDEO") return;
    if (event.target.getAttribute("role") === "tab") {
      const all = Array.from(tabs.children);
      const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
      next.click();
      next.focus();
    } else {
      move(step);
    }
    event.preventDefault();
  });
  const wanted = location.hash.slice(1) && find(location.hash.slice(1));
  if (wanted && wanted.classList.contains("card")) { wanted.scrollIntoView({ block: "center" }); open(wanted, 0); }
})();
