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
