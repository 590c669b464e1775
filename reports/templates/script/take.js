// What a reader takes along: a table as CSV, a drawing as a picture.
function safeCell(text) {
  var plain = text.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, "").replace(/\s+/g, " ").trim();
  // A spreadsheet runs what begins with these signs; a leading quote makes it text. Numbers stay numbers.
  if (/^[=+\-@\t\r|%]/.test(plain) && !/^[+\-]?\d+([.,]\d+)*%?$/.test(plain)) { plain = "'" + plain; }
  return '"' + plain.replace(/"/g, '""') + '"';
}

function download(name, type, content) {
  var link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: type }));
  link.download = name;
  link.click();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
}

function downloadRows(name, rows) {
  var lines = rows.map(function (row) { return row.map(safeCell).join(","); });
  download(name + ".csv", "text/csv;charset=utf-8", "\ufeff" + lines.join("\r\n") + "\r\n");
}

function cellText(cell) {
  var parts = Array.from(cell.querySelectorAll(".main, .small")).map(function (part) { return part.textContent; });
  return parts.length ? parts.join(" | ") : cell.textContent;
}

function tableRows(table) {
  var rows = [Array.from(table.tHead.rows[0].cells).map(function (cell) { return cell.textContent; })];
  Array.from(table.tBodies).forEach(function (body) {
    Array.from(body.rows).forEach(function (row) {
      if (!row.classList.contains("more") && !row.hidden) { rows.push(Array.from(row.cells).map(cellText)); }
    });
  });
  return rows;
}

function fileName(text) {
  return "voc " + text.replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 60);
}

function addButton(place, text, act) {
  var button = document.createElement("button");
  button.type = "button";
  button.className = "take";
  button.textContent = text;
  button.addEventListener("click", function () { act(button); });
  place.append(button);
  return button;
}

var DRAWN = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "font-size",
  "font-family", "font-weight", "text-anchor"];

function asPicture(drawing, done) {
  var copy = drawing.cloneNode(true), box = drawing.getBoundingClientRect();
  var from = drawing.querySelectorAll("*"), to = copy.querySelectorAll("*");
  from.forEach(function (element, place) {
    var style = getComputedStyle(element);
    DRAWN.forEach(function (name) { to[place].setAttribute(name, style.getPropertyValue(name)); });
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", box.width);
  copy.setAttribute("height", box.height);
  var image = new Image();
  image.onload = function () {
    var canvas = document.createElement("canvas"), paint = canvas.getContext("2d");
    canvas.width = 2 * box.width;  // sharp on paper and on dense screens
    canvas.height = 2 * box.height;
    paint.fillStyle = getComputedStyle(root).getPropertyValue("--surface");
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(done, "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
}

function startTaking() {
  var words = document.getElementById("content").dataset;
  document.querySelectorAll("main table.sortable").forEach(function (table) {
    if (table.closest("#explorer")) { return; }
    var place = document.createElement("p");
    place.className = "takes";
    table.parentNode.append(place);
    addButton(place, words.csv, function () {
      downloadRows(fileName(table.caption ? table.caption.textContent : document.title), tableRows(table));
    });
  });
  document.querySelectorAll("main figure").forEach(function (figure) {
    var drawing = figure.querySelector("svg");
    if (!drawing) { return; }
    var foot = document.createElement("div"), numbers = figure.querySelector("details.numbers");
    foot.className = "foot";
    figure.append(foot);
    if (numbers) { foot.append(numbers); }
    addButton(foot, words.picture, function () {
      asPicture(drawing, function (picture) {
        download(fileName(figure.querySelector("figcaption").textContent) + ".png", "image/png", picture);
      });
    });
  });
}
