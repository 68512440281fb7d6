// The slider over the looks at a list page: moving it goes to the look. Without this, the field of looks does the same.
"use strict";
(() => {
  const slider = document.getElementById("looks-slider");
  const looks = document.getElementById("looks");
  if (!slider || !looks) return;
  const told = document.querySelector(`output[for="${slider.id}"]`);
  const tell = () => {
    told.value = looks.options[slider.value].text;
    slider.setAttribute("aria-valuetext", told.value);
  };
  slider.closest("[hidden]").hidden = false;
  tell();
  slider.addEventListener("input", tell);
  slider.addEventListener("change", () => {
    looks.selectedIndex = slider.value;
    looks.form.requestSubmit();
  });
  looks.addEventListener("change", () => { slider.value = looks.selectedIndex; tell(); });
  // The newest looks of the slots stand at the end.
  for (const table of document.querySelectorAll(".slots")) table.scrollLeft = table.scrollWidth;
})();
