// Checks a section, or the whole text, while somebody types: the server's readers say what is to mend, beside the field it is about.

const PAUSE_MS = 900;
const form = document.querySelector("form[data-check]");
const sum = document.getElementById("check-sum");
let waiting = 0;
let asked = 0;

function tell(fault) {
  const span = document.createElement("span");
  span.textContent = `${fault.problem}${fault.remedy ? ` – ${fault.remedy}` : ""} (${fault.line})`;
  return span;
}

function tellFields(fields) {
  for (const place of document.querySelectorAll("[data-fault-for]")) {
    const faults = fields[place.dataset.faultFor] ?? [];
    place.replaceChildren(...faults.map(tell));
    place.hidden = faults.length === 0;
    const input = form.elements[place.dataset.faultFor];
    if (input instanceof Element) input.toggleAttribute("aria-invalid", faults.length > 0);
  }
}

function tellList(list, faults) {
  list.replaceChildren(
    ...faults.slice(0, 60).map((fault) => {
      const item = document.createElement("li");
      const line = document.createElement("strong");
      line.textContent = `${list.dataset.line} ${fault.line}`;
      item.append(line, ` ${fault.key}: ${fault.problem}${fault.remedy ? ` – ${fault.remedy}` : ""}`);
      return item;
    }),
  );
}

async function check() {
  const mine = ++asked;
  let told;
  try {
    const response = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), credentials: "same-origin", cache: "no-store" });
    if (!response.ok) return;
    told = await response.json();
  } catch {
    return; // the connection is gone; the Check button says so
  }
  if (mine !== asked) return; // typed on meanwhile
  const list = document.getElementById("fault-list");
  if (list) tellList(list, told.fields[""] ?? []);
  else tellFields(told.fields);
  const here = told.here ? `${sum.dataset.some} ${told.here}` : sum.dataset.none;
  sum.textContent = told.elsewhere && sum.dataset.elsewhere ? `${here} (${sum.dataset.elsewhere} ${told.elsewhere})` : here;
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE_MS);
  });
  if (!document.getElementById("fault-list")) check();
}
