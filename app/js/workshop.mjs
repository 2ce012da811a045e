// The rule workshop without a reload: what is typed is looked at while typing, rows are dragged, nothing unsaved is lost.
// Every act below is a form that works without this script.

const QUIET = 400;
const workshop = document.querySelector("[data-workshop]");
const form = document.getElementById("leaf-form");
let running = null;
let timer = 0;

function fields() {
  return new URLSearchParams(new FormData(form));
}

async function look() {
  running?.abort();
  const mine = (running = new AbortController());
  try {
    const body = fields();
    const answer = await fetch(`${form.dataset.preview}?manh=1`, { method: "POST", body, signal: mine.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    const old = document.querySelector("[data-proof] [data-live]");
    if (fresh && old) old.replaceWith(fresh);
  } catch (error) {
    if (error.name !== "AbortError") console.info("preview:", error.message);
  }
}

function watch() {
  const before = fields().toString();
  const dirty = form.querySelector("[data-dirty]");
  const changed = () => {
    if (dirty) dirty.hidden = fields().toString() === before;
    clearTimeout(timer);
    timer = setTimeout(look, QUIET);
  };
  document.addEventListener("input", (event) => event.target.form === form && changed());
  document.addEventListener("change", (event) => event.target.form === form && changed());
  let leaving = false;
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (!leaving && dirty && !dirty.hidden) event.preventDefault();
  });
  document.querySelector("[data-try]")?.addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
}

// A row dropped on another takes its place; on a parent it goes to its end.
function drag() {
  const revision = document.querySelector("input[name=revision]")?.value;
  let dragged = null;
  const over = (event) => event.target.closest("tr[data-node]");
  workshop.addEventListener("dragstart", (event) => {
    dragged = over(event);
    dragged?.classList.add("dragged");
  });
  workshop.addEventListener("dragend", () => dragged?.classList.remove("dragged"));
  workshop.addEventListener("dragover", (event) => {
    const row = over(event);
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    workshop.querySelectorAll(".drop-here").forEach((other) => other.classList.remove("drop-here"));
    row.classList.add("drop-here");
  });
  workshop.addEventListener("drop", (event) => {
    const row = over(event);
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    send({ act: "drop", at: dragged.dataset.node, target: row.dataset.node, revision });
  });
}

function send(values) {
  const hidden = document.createElement("form");
  hidden.method = "post";
  hidden.action = `${workshop.dataset.workshop}/bang`;
  for (const [name, value] of Object.entries(values)) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    hidden.append(field);
  }
  document.body.append(hidden);
  hidden.submit();
}

// The chosen row is in sight without moving the page.
const chosen = workshop?.querySelector(".workshop-tree a[aria-current]");
if (chosen) {
  const tree = chosen.closest("nav");
  tree.scrollTop += chosen.getBoundingClientRect().top - tree.getBoundingClientRect().top - 120;
}

if (form) watch();
if (workshop?.querySelector("tr[draggable]")) drag();
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// While a simulation runs the browser waits for its answer; how far it is stands under the button.
for (const waiting of document.querySelectorAll("form[data-progress]")) {
  waiting.addEventListener("submit", () => {
    const shown = waiting.querySelector("[role=status]");
    const bar = shown.querySelector("progress");
    shown.hidden = false;
    setInterval(async () => {
      const answer = await fetch(waiting.dataset.progress).catch(() => null);
      const told = answer?.ok ? await answer.json() : null;
      if (told) [bar.value, bar.max] = told;
    }, 400);
  });
}
