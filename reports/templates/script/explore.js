// Counts by period, kind of feedback and segment, and the comments behind them.
function startExplore() {
  var place = document.getElementById("explorer");
  if (!place) { return; }
  var data = JSON.parse(document.getElementById("explorer-data").textContent);
  var number = new Intl.NumberFormat(data.locale, { numberingSystem: "latn" });
  var words = place.dataset, chosen = null, shown = 0, Z = 1.959964;
  var controls = {
    period: place.querySelector("#explore-period"), kind: place.querySelector("#explore-kind"),
    segment: place.querySelector("#explore-segment")
  };
  var table = place.querySelector("table"), list = place.querySelector(".comments");
  var heading = place.querySelector("#explore-heading"), more = place.querySelector("#explore-more");
  var corrections = startCorrections(place, data, words);

  function option(select, value, text) {
    var item = document.createElement("option");
    item.value = value;
    item.textContent = text;
    select.append(item);
  }

  function fill() {
    data.periods.forEach(function (period, n) { option(controls.period, n, period.name + " (" + period.span + ")"); });
    data.kinds.forEach(function (kind, n) { option(controls.kind, n, kind); });
    var group = null;
    data.segments.forEach(function (segment, n) {
      if (segment.group && (!group || group.label !== segment.group)) {
        group = document.createElement("optgroup");
        group.label = segment.group;
        controls.segment.append(group);
      }
      option(segment.group ? group : controls.segment, n, segment.name);
    });
  }

  function ask() {
    return {
      period: Number(controls.period.value), weeks: new Set(data.periods[Number(controls.period.value)].weeks),
      kind: Number(controls.kind.value), segment: Number(controls.segment.value)
    };
  }

  function fits(row, wanted) {
    return wanted.weeks.has(row[0]) && row[1] === wanted.kind && row[2] === wanted.segment;
  }

  function count(wanted) {
    var total = 0, found = data.subjects.map(function () { return [0, 0, 0]; });
    data.totals.forEach(function (row) { if (fits(row, wanted)) { total += row[3]; } });
    data.counts.forEach(function (row) {
      if (!fits(row, wanted)) { return; }
      for (var n = 0; n < 3; n += 1) { found[row[3]][n] += row[4 + n]; }
    });
    return { total: total, subjects: found };
  }

  function earlier(wanted) {  // only this period is compared: the one before has none before it on the page
    if (wanted.period !== 0 || !data.comparable) { return null; }
    return count({ weeks: new Set(data.periods[1].weeks), kind: wanted.kind, segment: wanted.segment });
  }

  function wilson(part, whole) {  // Wilson 1927: the same interval as in the tables
    if (!whole) { return [0, 0]; }
    var share = part / whole, base = 1 + Z * Z / whole;
    var middle = (share + Z * Z / (2 * whole)) / base;
    var half = Z * Math.sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole)) / base;
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
  }

  function percent(share) {
    return isolate(new Intl.NumberFormat(data.locale, {
      style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1, numberingSystem: "latn"
    }).format(share));
  }

  function newcombe(now, before) {  // Newcombe 1998, method 10: the same interval as in the tables
    var a = wilson(now[0], now[1]), b = wilson(before[0], before[1]);
    var one = now[0] / now[1], two = before[0] / before[1], difference = one - two;
    return [difference - Math.hypot(one - a[0], b[1] - two), difference, difference + Math.hypot(a[1] - one, two - b[0])];
  }

  function points(change, isWhole) {
    var text = new Intl.NumberFormat(data.locale, {
      signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1, numberingSystem: "latn"
    }).format(100 * change).replace("-", "\u2212");
    return isWhole ? data.change.replace("{points}", isolate(text)) : isolate(text);
  }

  function changeCell(now, before) {
    if (!before || !before[1]) { return cell("td", "–", "", 0); }
    var found = newcombe(now, before);
    return cell("td", points(found[1], true), points(found[0]) + " – " + points(found[2]), found[1]);
  }

  function isolate(text) { return "\u2068" + text + "\u2069"; }

  function cell(kind, text, note, order) {
    var element = document.createElement(kind), main = document.createElement("span");
    main.className = "main";
    main.textContent = text;
    element.append(main);
    if (note) {
      var small = document.createElement("span");
      small.className = "small";
      small.textContent = note;
      element.append(small);
    }
    if (order !== undefined) { element.dataset.order = order; element.className = "number"; }
    return element;
  }

  function row(subject, counts, total, before) {
    var line = document.createElement("tr"), ends = wilson(counts[1], total), name = document.createElement("th");
    name.scope = "row";
    var button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = data.subjects[subject];
    button.addEventListener("click", function () { choose(subject); heading.focus(); });
    name.dataset.order = data.subjects[subject];
    name.append(button);
    var bar = document.createElement("span");
    bar.className = "bar";
    bar.style.inlineSize = 100 * counts[1] / total / row.largest + "%";
    var share = cell("td", percent(counts[1] / total), percent(ends[0]) + " – " + percent(ends[1]), counts[1] / total);
    share.append(bar);
    line.append(name, cell("td", number.format(counts[1]), "", counts[1]), share,
      changeCell([counts[1], total], before && [before.subjects[subject][1], before.total]),
      cell("td", number.format(counts[0]), "", counts[0]), cell("td", number.format(counts[2]), "", counts[2]));
    line.setAttribute("role", "row");  // on a phone the cells are stacked, and the browser forgets that it is a table
    Array.from(line.cells).forEach(function (one, n) {
      one.setAttribute("role", n ? "cell" : "rowheader");
      one.dataset.label = table.tHead.rows[0].cells[n].textContent;
    });
    return line;
  }

  function draw() {
    var wanted = ask(), found = count(wanted), before = earlier(wanted), order = found.subjects.map(function (_, n) { return n; });
    order = order.filter(function (n) { return found.subjects[n][0]; });
    order.sort(function (a, b) { return found.subjects[b][1] - found.subjects[a][1] || a - b; });
    row.largest = found.total ? found.subjects.reduce(function (most, one) { return Math.max(most, one[1]); }, 1) / found.total : 1;
    Array.from(table.tBodies).forEach(function (body) { body.remove(); });
    table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    order.forEach(function (n) { 
      var body = table.createTBody();
      body.setAttribute("role", "rowgroup");
      body.append(row(n, found.subjects[n], found.total, before));
    });
    place.querySelector("#explore-total").textContent = words.total.replace("{n}", number.format(found.total));
    table.hidden = !order.length;
    choose(chosen);
  }

  function voices() {
    var wanted = ask();
    return data.voices.filter(function (voice) {
      return wanted.weeks.has(voice.week) && (wanted.kind === 0 || voice.kind === wanted.kind)
        && (wanted.segment === 0 || voice.segments.includes(wanted.segment))
        && (chosen === null || voice.subjects.includes(chosen));
    });
  }

  function choose(subject) {
    chosen = subject;
    shown = 0;
    list.replaceChildren();
    heading.textContent = subject === null ? words.all : words.about.replace("{subject}", isolate(data.subjects[subject]));
    show();
  }

  function show() {
    var found = voices();
    found.slice(shown, shown + 8).forEach(function (voice) { list.append(comment(voice)); });
    shown = Math.min(shown + 8, found.length);
    place.querySelector("#explore-none").hidden = found.length > 0;
    more.hidden = shown >= found.length;
  }

  function comment(voice) {
    var item = document.createElement("li"), said = document.createElement("p"), facts = document.createElement("p");
    said.className = "said";
    said.dir = "auto";
    if (voice.language !== "und") { said.lang = voice.language; }
    voice.text.forEach(function (piece) {
      var part = document.createElement(piece[1] ? "mark" : "span");
      part.textContent = piece[0];
      said.append(part);
    });
    facts.className = "facts";
    facts.textContent = voice.facts.map(isolate).join(" · ");
    item.append(said, facts);
    corrections.offer(facts, voice, chosen);
    return item;
  }

  fill();
  place.hidden = false;
  document.querySelectorAll(".scriptless").forEach(function (note) { note.hidden = true; });
  Object.values(controls).forEach(function (control) { control.addEventListener("input", draw); });
  more.addEventListener("click", show);
  addButton(place.querySelector(".takes"), document.getElementById("content").dataset.csv, function () {
    downloadRows(fileName(controls.kind.selectedOptions[0].textContent), tableRows(table));
  });
  place.querySelector("#explore-everything").addEventListener("click", function () { choose(null); });
  draw();
}
