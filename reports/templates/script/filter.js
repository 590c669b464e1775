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
      if (found && fold.closest("tbody.later")) { fold.closest(".grid").querySelector(".others").open = true; }
      if (!found && fold.dataset.opened) { fold.open = false; delete fold.dataset.opened; }
    });
    shown.textContent = active
      ? shown.dataset.text.replace("{shown}", count).replace("{all}", comments.length) : "";
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  [find, kind, language].forEach(function (control) { control.addEventListener("input", apply); });
}
