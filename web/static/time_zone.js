// The browser's own time zone as a first choice in an empty form; anybody can choose another.

const choice = document.querySelector("select[data-guess='yes']");
if (choice) {
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const option of choice.options) {
    if (option.value === guess) choice.value = guess;
  }
}
