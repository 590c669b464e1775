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
  }).forEach(function (body, n) {
    body.classList.toggle("later", "lead" in table.dataset && n >= Number(table.dataset.lead));
    table.appendChild(body);
  });
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
