// Marked words: focus or tap shows why they are marked, below the reply.

function show(mark) {
  const own = mark.closest(".own");
  for (const other of own.querySelectorAll(".mark[aria-expanded='true']")) close(other);
  mark.setAttribute("aria-expanded", "true");
  reasonOf(mark).hidden = false;
}

function close(mark) {
  mark.setAttribute("aria-expanded", "false");
  reasonOf(mark).hidden = true;
}

function reasonOf(mark) {
  return document.getElementById(mark.getAttribute("aria-describedby"));
}

const find = (event) => event.target.closest?.(".mark[role='button']");

document.addEventListener("focusin", (event) => {
  const mark = find(event);
  if (mark) show(mark);
});

document.addEventListener("focusout", (event) => {
  const mark = find(event);
  if (mark) close(mark);
});

document.addEventListener("keydown", (event) => {
  const mark = find(event);
  if (!mark || ![" ", "Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Escape" || mark.getAttribute("aria-expanded") === "true") close(mark);
  else show(mark);
});
