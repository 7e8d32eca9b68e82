// A page that nobody uses covers itself. For someone who signed in the session ends with it; a guest has no passphrase and goes on by a button.

const body = document.body;
const patience = Number(body.dataset.lockMinutes) * 60_000;
const signedIn = body.dataset.lock === "session";
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("practice-use") : null;
let lastUse = Date.now();
let lastWord = Date.now();
let covered = false;

function noteUse(event) {
  if (covered || (event && !event.isTrusted)) return;
  if (Date.now() - lastUse >= patience) return cover(); // the device slept: waking it up is no use of the page
  lastUse = Date.now();
  if (lastUse - lastWord >= 60_000) sayInUse();
}

function sayInUse() {
  lastWord = Date.now();
  tabs?.postMessage("in use");
  if (!signedIn) return;
  fetch(body.dataset.stay, { credentials: "same-origin", cache: "no-store" }).then((answer) => {
    if (answer.redirected) goToSignIn();
  }).catch(() => {}); // offline: the next minute tries again
}

function look() {
  if (!covered && Date.now() - lastUse >= patience) cover();
  else if (!covered && lastUse > lastWord && Date.now() - lastWord >= 60_000) sayInUse();
}

async function cover() {
  covered = true;
  document.title = body.dataset.coveredTitle;
  if (!signedIn) return showCover();
  const leave = new FormData(document.querySelector("form[data-leave]"));
  leave.delete("quick");
  const address = document.querySelector("form[data-leave]").action;
  body.replaceChildren();
  await fetch(address, { method: "POST", body: leave, credentials: "same-origin", keepalive: true, redirect: "manual" }).catch(() => {});
  goToSignIn();
}

function goToSignIn() {
  body.replaceChildren();
  location.replace(body.dataset.signIn);
}

function showCover() {
  const sheet = document.getElementById("cover");
  body.classList.add("covered");
  sheet.hidden = false;
  sheet.querySelector("button").focus();
}

if (patience > 0) {
  for (const kind of ["pointerdown", "keydown", "touchstart", "wheel", "scroll", "input"]) {
    window.addEventListener(kind, noteUse, { passive: true, capture: true });
  }
  for (const kind of ["visibilitychange", "focus", "pageshow"]) window.addEventListener(kind, look);
  tabs?.addEventListener("message", () => { lastUse = Math.max(lastUse, Date.now()); });
  setInterval(look, 5000);
  document.getElementById("uncover")?.addEventListener("click", () => {
    document.getElementById("cover").hidden = true;
    body.classList.remove("covered");
    covered = false;
    lastUse = Date.now();
    document.title = body.dataset.title;
  });
}
