(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  const rows = all("details.c");
  const boxes = all(".chip input");
  const field = document.getElementById("q");
  const shown = document.getElementById("shown");
  const words = new WeakMap();
  let restore = [];

  root.classList.add("js");

  const text = (row) => {
    if (!words.has(row)) words.set(row, row.textContent.toLowerCase().replace(/\s+/g, " "));
    return words.get(row);
  };
  const chosen = (name) => boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);

  const apply = () => {
    const status = chosen("status");
    const severity = chosen("severity");
    const wanted = field.value.toLowerCase().trim().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const visible =
        (!status.length || status.includes(row.dataset.s)) &&
        (!severity.length || severity.includes(row.dataset.v)) &&
        wanted.every((word) => text(row).includes(word));
      row.hidden = !visible;
      if (visible) count += 1;
    }
    for (const group of all(".group, .area")) group.hidden = !group.querySelector("details.c:not([hidden])");
    shown.textContent = count === rows.length ? `all ${count} criteria` : `${count} of ${rows.length} criteria`;
  };

  const remember = () => {
    const parts = [];
    for (const name of ["status", "severity"]) {
      const values = chosen(name);
      if (values.length) parts.push(`${name}=${values.join(",")}`);
    }
    if (field.value.trim()) parts.push(`q=${encodeURIComponent(field.value.trim())}`);
    const hash = parts.length ? `#${parts.join("&")}` : "#criteria";
    try {
      history.replaceState(null, "", hash);
    } catch {
      location.hash = hash;
    }
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (/^(status|severity|q)=/.test(hash)) {
      const state = new URLSearchParams(hash);
      for (const box of boxes) box.checked = (state.get(box.name) || "").split(",").includes(box.value);
      field.value = state.get("q") || "";
      apply();
      document.getElementById("criteria").scrollIntoView();
      return;
    }
    let target = null;
    try {
      target = hash && document.getElementById(decodeURIComponent(hash));
    } catch {
      return;
    }
    if (!target || !target.matches("details.c")) return;
    if (target.hidden) clear();
    target.open = true;
    target.scrollIntoView();
  };

  const clear = () => {
    for (const box of boxes) box.checked = false;
    field.value = "";
    apply();
  };
  const changed = () => {
    apply();
    remember();
  };

  for (const box of boxes) box.addEventListener("change", changed);
  field.addEventListener("input", changed);
  document.getElementById("clear").addEventListener("click", () => {
    clear();
    remember();
  });
  document.getElementById("open").addEventListener("click", (event) => {
    const visible = rows.filter((row) => !row.hidden);
    const open = visible.some((row) => !row.open);
    for (const row of visible) row.open = open;
    event.currentTarget.textContent = open ? "Close all" : "Open all";
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    restore = all("details:not([open])");
    for (const row of restore) row.open = true;
  });
  addEventListener("afterprint", () => {
    for (const row of restore) row.open = false;
    restore = [];
  });

  apply();
  follow();
})();
