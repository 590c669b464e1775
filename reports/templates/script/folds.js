// Folded sections open when a link leads into them, and for the printer.
function startFolds() {
  function open(hash) {
    var target = hash.length > 1 && document.getElementById(hash.slice(1));
    var fold = target && target.querySelector(":scope > details.part");
    if (fold) { fold.open = true; }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    if (link) { open(link.getAttribute("href")); }
  });
  window.addEventListener("hashchange", function () { open(location.hash); });
  open(location.hash);
}
