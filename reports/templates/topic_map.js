(() => {
  "use strict";
  const map = document.getElementById("map");
  if (!map) return;
  const links = [...map.querySelectorAll("a[data-topic]")];
  const topics = [...document.querySelectorAll(".topic")];
  const byId = new Map(topics.map(topic => [topic.id, topic]));
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  document.getElementById("filter").hidden = false;

  const choose = id => {
    for (const link of links) link.classList.toggle("chosen", link.dataset.topic === id);
    for (const topic of topics) topic.classList.toggle("chosen", topic.id === id);
    const topic = byId.get(id);
    if (!topic) return;
    topic.open = true;
    topic.closest(".category").open = true;
    topic.scrollIntoView({ block: "nearest" });
  };
  for (const link of links) {
    link.addEventListener("click", event => { event.preventDefault(); choose(link.dataset.topic); });
  }
  for (const topic of topics) {
    topic.addEventListener("toggle", () => {
      const link = links.find(one => one.dataset.topic === topic.id);
      if (link) link.classList.toggle("chosen", topic.open);
    });
  }

  const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(topics.map(topic => [topic.id, fold(topic.textContent)]));
  const search = () => {
    const wanted = fold(find.value.trim());
    let shown = 0;
    for (const topic of topics) {
      topic.hidden = !texts.get(topic.id).includes(wanted);
      shown += topic.hidden ? 0 : 1;
    }
    for (const link of links) link.classList.toggle("unlike", byId.get(link.dataset.topic)?.hidden ?? false);
    for (const category of document.querySelectorAll(".category")) {
      category.hidden = !category.querySelector(".topic:not([hidden])");
    }
    found.textContent = wanted
      ? found.dataset.text.replace("{shown}", shown).replace("{all}", topics.length) : "";
  };
  find.addEventListener("input", search);
  document.getElementById("filter").addEventListener("submit", event => event.preventDefault());

  const side = map.viewBox.baseVal.width;
  let view = { x: 0, y: 0, size: side };
  const show = () => map.setAttribute("viewBox", `${view.x} ${view.y} ${view.size} ${view.size}`);
  const zoom = (factor, x, y) => {
    const size = Math.min(side, Math.max(side / 12, view.size * factor));
    const within = value => Math.min(side - size, Math.max(0, value));
    view = {
      x: within(x - (x - view.x) * size / view.size), y: within(y - (y - view.y) * size / view.size), size,
    };
    map.style.touchAction = size < side ? "none" : "pan-y";
    show();
  };
  const centre = () => [view.x + view.size / 2, view.y + view.size / 2];
  document.getElementById("in").addEventListener("click", () => zoom(0.7, ...centre()));
  document.getElementById("out").addEventListener("click", () => zoom(1 / 0.7, ...centre()));

  let dragged = null;
  map.addEventListener("pointerdown", event => { dragged = { x: event.clientX, y: event.clientY, view }; });
  map.addEventListener("pointermove", event => {
    if (!dragged || view.size === side) return;
    const scale = view.size / map.clientWidth;
    const within = value => Math.min(side - view.size, Math.max(0, value));
    view = {
      x: within(dragged.view.x - (event.clientX - dragged.x) * scale),
      y: within(dragged.view.y - (event.clientY - dragged.y) * scale), size: view.size,
    };
    show();
  });
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) {
    map.addEventListener(end, () => { dragged = null; });
  }
})();
