"use strict";
(function () {
  var element = function (id) { return document.getElementById(id); };
  var frames = JSON.parse(element("frames").textContent);
  var grey = element("grey"), overlay = element("overlay"), stage = element("stage");
  var slider = element("slider"), toggle = element("toggle"), preset = element("preset"), where = element("where");
  var slices = where.textContent.replace(/^.* of (\d+) .*$/, "$1");
  var now = Number(slider.value), turned = 0;
  grey.decoding = overlay.decoding = "sync";

  function show(n) {
    now = Math.max(0, Math.min(frames.length - 1, n));
    var frame = frames[now];
    var name = "slice " + frame.n + " of " + slices + " · z = " + frame.z + " mm";
    grey.src = "data:image/jpeg;base64," + frame.g;
    overlay.src = "data:image/png;base64," + frame.o;
    grey.alt = "Axial slice " + frame.n + " of " + slices + " from the head";
    where.textContent = name;
    slider.value = now;
    slider.setAttribute("aria-valuetext", name);
  }

  function overlayIs(shown) {
    overlay.hidden = !shown;
    toggle.setAttribute("aria-pressed", String(shown));
  }

  // The embedded pictures cover a wide window; a narrower one is a line through their grey levels.
  function windowIs(range) {
    var black = Number(preset.dataset.black), white = Number(preset.dataset.white);
    var low = range ? Number(range.split(" ")[0]) : black, high = range ? Number(range.split(" ")[1]) : white;
    var slope = (white - black) / (high - low), intercept = (black - low) / (high - low);
    document.querySelectorAll("#window [type=linear]").forEach(function (line) {
      line.setAttribute("slope", slope);
      line.setAttribute("intercept", intercept);
    });
    grey.style.filter = range ? "url(#window)" : "none";
  }

  var steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 };
  stage.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) show(now + steps[event.key]);
    else if (event.key === "o" || event.key === "O") overlayIs(overlay.hidden);
    else return;
    event.preventDefault();
  });
  // A wheel turns one slice for each notch, a touchpad one for each stretch of the same length.
  stage.addEventListener("wheel", function (event) {
    if (event.ctrlKey) return;
    event.preventDefault();
    turned += event.deltaMode === 0 ? event.deltaY / 50 : event.deltaY;
    var whole = Math.abs(turned) >= 1 ? Math.sign(turned) : 0;
    if (whole) { show(now + whole); turned = 0; }
  }, { passive: false });
  slider.addEventListener("input", function () { show(Number(slider.value)); });
  toggle.addEventListener("click", function () { overlayIs(overlay.hidden); });
  preset.addEventListener("change", function () { windowIs(preset.value); });
  slider.setAttribute("aria-valuetext", where.textContent);
  element("controls").hidden = false;
})();
