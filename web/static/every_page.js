// On every page: leaving quickly, questions before deleting, times in the reader's own zone.

const leaveForm = document.querySelector("form[data-leave]");

export function leaveQuickly() {
  document.documentElement.classList.add("left");
  document.title = "";
  window.dispatchEvent(new Event("leaving"));
  navigator.sendBeacon(leaveForm.action, new FormData(leaveForm));
  location.replace(leaveForm.dataset.leave);
}

if (leaveForm) {
  leaveForm.addEventListener("submit", (event) => {
    event.preventDefault();
    leaveQuickly();
  });
  // Shift three times within five seconds, with no other key between
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
    } else if (!event.repeat) {
      presses = [...presses.filter((moment) => event.timeStamp - moment < 5000), event.timeStamp];
      if (presses.length >= 3) leaveQuickly();
    }
  });
}

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});

export function localiseTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]:not([data-fixed])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    if ("date" in time.dataset) {
      time.textContent = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      continue;
    }
    const shown = { hour: "2-digit", minute: "2-digit" };
    if ("day" in time.dataset) Object.assign(shown, { weekday: "short" });
    time.textContent = moment.toLocaleTimeString(document.documentElement.lang, shown);
  }
}

localiseTimes(document);
