"use strict";
(function () {
  var root = document.documentElement;
  function remembered(value) {
    try {
      if (value !== undefined) { localStorage.setItem("voc-theme", value); }
      return localStorage.getItem("voc-theme");
    } catch (error) { return null; }  // storage may be closed to files; then the choice lasts for this visit
  }

  function startTheme() {
    var button = document.getElementById("theme");
    var kept = remembered();
    if (kept === "dark" || kept === "light") { root.dataset.theme = kept; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      var next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
      root.dataset.theme = next;
      remembered(next);
    });
  }

  function value(body, place) {
    var cell = body.rows[0].cells[place];
    var order = cell.getAttribute("data-order");
    var text = order === null ? cell.textContent.trim() : order;
    return text !== "" && isFinite(text) ? Number(text) : text;
  }

  function sortBy(table, heading, place) {
    var was = heading.getAttribute("aria-sort");
    var largestFirst = heading.classList.contains("number");
    var next = was === null ? (largestFirst ? "descending" : "ascending")
      : was === "ascending" ? "descending" : "ascending";
    table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", next);
    var sign = next === "ascending" ? 1 : -1;
    Array.from(table.tBodies).sort(function (one, two) {
      var a = value(one, place), b = value(two, place);
      if (typeof a === "number" && typeof b === "number") { return sign * (a - b); }
      return sign * String(a).localeCompare(String(b), root.lang);
    }).forEach(function (body) { table.appendChild(body); });
  }

  function startSorting() {
    document.querySelectorAll("table.sortable").forEach(function (table) {
      if (table.tBodies.length < 2) { return; }
      Array.from(table.tHead.rows[0].cells).forEach(function (heading, place) {
        if (!table.tBodies[0].rows[0].cells[place].hasAttribute("data-order")) { return; }
        var button = document.createElement("button");
        button.type = "button";
        button.append.apply(button, Array.from(heading.childNodes));
        heading.append(button);
        button.addEventListener("click", function () { sortBy(table, heading, place); });
      });
    });
  }

  function startFilter() {
    var form = document.getElementById("filter");
    if (!form) { return; }
    var find = document.getElementById("find"), kind = document.getElementById("kind");
    var language = document.getElementById("language"), shown = document.getElementById("shown");
    var comments = Array.from(document.querySelectorAll(".comments > li"));
    function apply() {
      var wanted = find.value.trim().toLocaleLowerCase();
      var active = wanted !== "" || kind.value !== "" || language.value !== "";
      var count = 0;
      comments.forEach(function (item) {
        var fits = (!kind.value || item.dataset.kind === kind.value)
          && (!language.value || item.dataset.language === language.value)
          && (!wanted || item.textContent.toLocaleLowerCase().includes(wanted));
        item.hidden = !fits;
        count += fits ? 1 : 0;
      });
      document.querySelectorAll("details").forEach(function (fold) {
        if (!fold.querySelector(".comments")) { return; }
        var found = active && fold.querySelector(".comments > li:not([hidden])") !== null;
        if (found && !fold.open) { fold.open = true; fold.dataset.opened = "yes"; }
        if (!found && fold.dataset.opened) { fold.open = false; delete fold.dataset.opened; }
      });
      shown.textContent = active
        ? shown.dataset.text.replace("{shown}", count).replace("{all}", comments.length) : "";
    }
    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    [find, kind, language].forEach(function (control) { control.addEventListener("input", apply); });
  }

  startTheme();
  startSorting();
  startFilter();
}());
