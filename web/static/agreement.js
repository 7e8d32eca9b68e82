// The agreement card: printing it. Everything else on the page works without script.

const button = document.getElementById("print-card");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
