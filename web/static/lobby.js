// The lobby: ask without leaving the page. The server draws the answer; nothing typed here is kept.

import { wait } from "./server.js";

const form = document.getElementById("wish");
const trouble = document.getElementById("wish-fault");
const place = document.getElementById("wish-answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = form.elements.text;
  if (!field.value.trim()) return field.focus();
  place.setAttribute("aria-busy", "true");
  const page = await ask();
  place.removeAttribute("aria-busy");
  const answer = page?.getElementById("wish-answer");
  const sentence = page?.getElementById("wish-fault")?.textContent ?? form.dataset.away;
  trouble.hidden = !sentence;
  trouble.textContent = sentence;
  if (answer) {
    place.replaceChildren(...answer.children);
    if (!sentence) field.value = "";
    const help = place.querySelector(".help-title");
    if (help) help.focus();
    else field.focus();
  }
});

form.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});

async function ask() {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", cache: "no-store" });
      return new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      await wait(1000 * (tries + 1));
    }
  }
  return null;
}
