// The talk: send a reply with an id of our own, keep it through a lost connection, draw what the server drew.
// The words live in the box, in this page's memory and on the server; never in the browser's storage.

import { localiseTimes } from "./every_page.js";
import "./reasons.js";
import { call, makeId, openPage, wait } from "./server.js";

const stage = () => document.getElementById("stage");
const box = () => document.getElementById("reply-text");
const api = () => stage().dataset.api;
const say = (name) => stage().dataset[name];

let draft = box()?.value ?? ""; // what stands in the box, kept while the stage is drawn anew
let sending = null; // the one reply on its way: {id, text, article}
let wakeUp = () => {};

// ---- drawing

function tellTrouble(sentence) {
  const trouble = document.getElementById("fault");
  trouble.hidden = !sentence;
  trouble.textContent = sentence ?? "";
}

function announce(text) {
  document.getElementById("announcer").textContent = text;
}

function makePendingArticle(text) {
  const article = document.createElement("article");
  article.className = "turn turn-speech turn-sent";
  const own = document.createElement("div");
  own.className = "own";
  own.setAttribute("aria-live", "off");
  const bubble = document.createElement("div");
  bubble.className = "bubble own-bubble";
  bubble.dir = "auto";
  const speaker = document.createElement("span");
  speaker.className = "speaker";
  speaker.textContent = say("you");
  const words = document.createElement("span");
  words.className = "words";
  words.textContent = text;
  bubble.append(speaker, words);
  const waiting = document.createElement("p");
  waiting.className = "waiting";
  waiting.textContent = say("sending");
  own.append(bubble, waiting);
  article.append(own);
  document.getElementById("log").append(article);
  bringIntoView(article);
  return article;
}

function tellOnPending(sentence, withButton) {
  const waiting = sending.article.querySelector(".waiting");
  waiting.textContent = sentence;
  if (withButton) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = say("again");
    button.addEventListener("click", () => wakeUp());
    waiting.append(" ", button);
  }
}

function bringIntoView(element, block = "nearest") {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

// Only the latest reply is "tried again"; to answer an earlier one anew is "what if I had said …".
function nameEarlierTurns() {
  const buttons = [...document.querySelectorAll("#log button[data-earlier]")];
  for (const button of buttons.slice(0, -1)) button.textContent = button.dataset.earlier;
}

// Put a turn in as the server draws it; on a reply that is already here, only what is new is added, so only that is read out.
async function placeTurn(turn, article) {
  const page = await openPage(`${stage().dataset.page}/turns/${turn.id}`);
  const drawn = page?.querySelector("article.turn");
  if (!drawn) return refreshStage();
  if (article) {
    article.className = drawn.className;
    article.id = drawn.id;
    article.dataset.turn = turn.id;
    article.querySelector(".own")?.replaceWith(drawn.querySelector(".own"));
    const answer = drawn.querySelector(".answer");
    if (answer) article.append(answer);
    article.classList.add("fresh");
    bringIntoView(article, "start");
  } else {
    drawn.classList.add("fresh");
    document.getElementById("log").append(drawn);
    bringIntoView(drawn);
  }
  nameEarlierTurns();
  const reading = turn.reading;
  if (reading) announce([reading.strength, reading.next_step].filter(Boolean).join(" "));
}

// Draw the whole stage anew from the server; what stands in the box stays there.
async function refreshStage({ query = "", focus = true } = {}) {
  const page = await openPage(stage().dataset.page + query);
  const drawn = page?.getElementById("stage");
  if (!drawn) return location.reload();
  const known = new Set(Array.from(document.querySelectorAll("article.turn"), (article) => article.dataset.turn));
  stage().replaceWith(drawn);
  localiseTimes(drawn);
  openBeside();
  if (box()) {
    box().value = draft;
    countCharacters();
  }
  const news = Array.from(drawn.querySelectorAll("article.turn")).filter((article) => !known.has(article.dataset.turn));
  const lines = news.flatMap((article) => Array.from(article.querySelectorAll(".answer p"), (line) => line.textContent.trim()));
  if (lines.length) announce(lines.join(" "));
  if (focus) moveFocus(drawn);
  watchWaiting();
}

function moveFocus(drawn) {
  const target = drawn.querySelector(".help-panel .help-title, #paused-title") ?? box() ?? drawn.querySelector("#now h2, .debrief h2, .briefing h2");
  if (!target) return;
  if (target.tagName === "H2") target.tabIndex = -1;
  target.focus({ preventScroll: true });
  bringIntoView(target);
}

// ---- a reply

async function sendReply(text) {
  sending = { id: makeId(), text, article: makePendingArticle(text) };
  for (let tries = 0; sending; tries += 1) {
    const { status, body } = await call("POST", `${api()}/replies`, { message_id: sending.id, text: sending.text });
    if (status === 0 || status >= 500) {
      tellOnPending(say("unsent"), true);
      await Promise.race([wait(Math.min(2000 * 2 ** tries, 30000)), new Promise((wake) => { wakeUp = wake; })]);
      tellOnPending(say("sending"));
    } else if (status === 202 && !body.away) {
      tellOnPending(say("still"));
      await wait(800);
    } else if (status === 409 && body.code === "still_answering") {
      tellOnPending(say("still"));
      await wait(800);
    } else {
      await finishReply(status, body);
    }
  }
}

async function finishReply(status, body) {
  const { text, article } = sending;
  sending = null;
  if (status === 200 && body.status === "answered") {
    await placeTurn(body.turn, article);
    const query = body.doubt ? "?doubt=1" : "";
    if (query || body.phase !== stage().dataset.phase) await refreshStage({ query, focus: body.phase !== stage().dataset.phase });
  } else if (status === 200 || status === 202) {
    article.remove(); // help (nothing is kept), or kept without an answer: the server draws how it stands
    await refreshStage({ focus: body.status === "help" });
  } else if (status === 401) {
    location.reload();
  } else {
    article.remove();
    draft = [text, draft].filter(Boolean).join("\n");
    if (body?.code === "send_earlier_first" || body?.code === "not_now" || body?.code === "paused_for_help") await refreshStage({ focus: false });
    if (box()) box().value = draft;
    countCharacters();
    tellTrouble(body?.error ?? "");
    box()?.focus();
  }
}

// ---- buttons

async function sendCommand(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const fields = Object.fromEntries(new FormData(form));
  const { csrf_token: _token, feeling, need, minutes, ...body } = fields;
  if (minutes) body.minutes = Number(minutes);
  if (body.command === "guess") body.guess = { feeling: feeling ?? "", need: need ?? "" };
  const again = body.command === "try_again" ? form.closest("article").querySelector(".words")?.textContent : null;
  const { status, body: answer } = await call("POST", `${api()}/commands`, body);
  delete form.dataset.busy;
  if (status === 200 && answer.status === "answered" && body.command === "hint") {
    form.elements.message_id.value = makeId();
    await placeTurn(answer.turn, null);
  } else if (status === 200 || status === 202) {
    if (again && !draft) draft = again;
    await refreshStage();
  } else if (status === 401) {
    location.reload();
  } else if (status === 0 || status >= 500) {
    tellTrouble(say("unsentCommand"));
  } else {
    await refreshStage({ focus: false });
    tellTrouble(answer?.error ?? "");
  }
}

async function answerHelp(form, answer) {
  const { status } = await call("POST", `${api()}/help`, { answer });
  if (status === 200) await refreshStage();
  else form.submit();
}

async function resendWaiting(turnId) {
  const { status } = await call("POST", `${api()}/turns/${turnId}/resend`);
  if (status === 200 || status === 202 || status === 404) await refreshStage();
}

async function takeBack(turnId) {
  const words = document.querySelector(`#turn-${turnId} .words`)?.textContent ?? "";
  const { status } = await call("DELETE", `${api()}/turns/${turnId}`);
  if (status === 204) draft = [words, draft].filter(Boolean).join("\n");
  await refreshStage();
}

// A message that waits for an answer: look again while the answer is on its way, and send it again a few times when it is not.
let watching = null;
function watchWaiting(tries = 0) {
  clearTimeout(watching);
  const waiting = document.getElementById("waiting");
  if (!waiting || tries > 5) return;
  const away = waiting.dataset.away === "yes";
  watching = setTimeout(async () => {
    if (sending) return;
    if (away) await call("POST", `${api()}/turns/${waiting.dataset.turn}/resend`);
    const page = await openPage(stage().dataset.page);
    if (page && !page.getElementById("waiting")) await refreshStage({ focus: false });
    else watchWaiting(tries + 1);
  }, away ? 4000 * (tries + 1) : 1500);
}

// ---- the box

function countCharacters() {
  const count = document.getElementById("reply-count");
  if (!box() || !count) return;
  const left = Number(stage().dataset.longest) - Array.from(box().value).length;
  count.textContent = left > 300 ? "" : left >= 0 ? `${left} ${say("left")}` : `${-left} ${say("over")}`;
  count.classList.toggle("too-many", left < 0);
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "reply-text") return;
  draft = event.target.value;
  countCharacters();
});

document.addEventListener("keydown", (event) => {
  if (event.target.id === "reply-text" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.getElementById("reply").requestSubmit();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !stage().contains(form)) return;
  if (form.id === "reply") {
    event.preventDefault();
    tellTrouble("");
    box().focus();
    if (sending || !box().value.trim()) return;
    const text = box().value;
    box().value = draft = "";
    countCharacters();
    sendReply(text);
  } else if (form.dataset.command) {
    event.preventDefault();
    sendCommand(form);
  } else if ("help" in form.dataset) {
    event.preventDefault();
    answerHelp(form, event.submitter?.value ?? "resume");
  } else if (form.dataset.resend) {
    event.preventDefault();
    resendWaiting(form.dataset.resend);
  } else if (form.dataset.takeBack) {
    event.preventDefault();
    takeBack(form.dataset.takeBack);
  }
});

window.addEventListener("online", () => wakeUp());

function askBeforeLeaving(event) {
  if (draft.trim() || sending) event.preventDefault();
}
window.addEventListener("beforeunload", askBeforeLeaving);
window.addEventListener("leaving", () => window.removeEventListener("beforeunload", askBeforeLeaving));

function openBeside() {
  const beside = document.querySelector(".beside-card");
  if (beside && window.matchMedia("(min-width: 60rem)").matches) beside.open = true;
}

countCharacters();
watchWaiting();
openBeside();
const help = document.querySelector(".help-panel .help-title");
if (help) help.focus();
