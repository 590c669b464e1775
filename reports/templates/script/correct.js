// A reader disagrees: what he says is right becomes a file that `voc train` reads.
function startCorrections(place, data, words) {
  var kept = new Map(), button = addButton(place.querySelector(".corrections"), "", save);

  function tell() {
    button.textContent = words.save.replace("{n}", kept.size);
    button.hidden = kept.size === 0;
  }

  function evidence(voice) {
    var marked = voice.text.filter(function (piece) { return piece[1]; });
    return (marked.length ? marked : voice.text).map(function (piece) { return piece[0]; }).join(" ");
  }

  function save() {
    var rows = [["text", "language", "sentiment", "category", "right_sentiment", "right_category"]];
    kept.forEach(function (right, voice) {
      rows.push([evidence(voice), voice.language, "negative", data.codes[right.shown], right.feeling, right.subject]);
    });
    downloadRows("voc corrections", rows);
  }

  function select(label, choices, value, act) {
    var box = document.createElement("label"), list = document.createElement("select");
    box.textContent = label + " ";
    choices.forEach(function (choice) {
      var item = document.createElement("option");
      item.value = choice[0];
      item.textContent = choice[1];
      list.append(item);
    });
    list.value = value;
    list.addEventListener("input", function () { act(list.value); });
    box.append(list);
    return box;
  }

  function offer(facts, voice, chosen) {
    var subject = chosen === null ? voice.subjects[0] : chosen;
    var box = document.createElement("span");
    box.className = "takes correct";
    facts.append(box);
    addButton(box, words.wrong, function (opener) {
      opener.remove();
      var right = { shown: subject, feeling: "negative", subject: data.codes[subject] };
      function keep() { kept.set(voice, right); tell(); }
      var subjects = data.codes.map(function (code, n) { return [code, data.subjects[n]]; }).concat([["other", words.other]]);
      box.append(
        select(words.subject, subjects, right.subject, function (value) { right.subject = value; keep(); }),
        select(words.feeling, Object.entries(data.sentiments), "negative", function (value) { right.feeling = value; keep(); })
      );
      box.querySelector("select").focus();
    });
  }

  tell();
  return { offer: offer };
}
