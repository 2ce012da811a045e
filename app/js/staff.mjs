// Forms beside each other: sending one keeps what was typed into the others on its page, until the page is there again.
// Without this script they are what the server has; a form that was refused comes back from the server itself.
// Kept in the tab alone, under the person who typed; signing out forgets it.

const who = document.querySelector(".who-name")?.textContent.trim() ?? "";
const PREFIX = "unsent:";
const place = `${PREFIX}${who}:${location.pathname}`;
const TYPED = /^(text|search|url|number|date|email|tel|textarea|select-one|checkbox|radio)$/;

const forms = () => [...document.forms].filter((form) => form.method === "post" && !form.closest("leptos-island"));
const typed = (form) => [...form.elements].filter((one) => one.name && TYPED.test(one.type) && !one.disabled);
const ticks = (one) => one.type === "checkbox" || one.type === "radio";

function standing(one) {
  if (ticks(one)) return one.defaultChecked;
  if (one.type === "select-one") return ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value;
  return one.defaultValue;
}

const now = (one) => (ticks(one) ? one.checked : one.value);

/** A form by where it is sent and what it is about; its revision may move. */
function nameOf(form) {
  const hidden = [...form.elements].filter((one) => one.type === "hidden" && !["revision", "shown"].includes(one.name));
  return JSON.stringify([form.getAttribute("action"), ...hidden.map((one) => [one.name, one.value])]);
}

function unsent(form) {
  const fields = typed(form).map((one, at) => ({ at, name: one.name, was: standing(one), now: now(one) }));
  return { form: nameOf(form), fields: fields.filter((field) => field.was !== field.now) };
}

function put(form, fields) {
  const all = typed(form);
  for (const { at, name, was, now: value } of fields) {
    const one = all[at];
    // What somebody saved meanwhile, or the server gave back, stands.
    if (one?.name !== name || standing(one) !== was || now(one) !== was) continue;
    if (ticks(one)) one.checked = value;
    else one.value = value;
    for (let fold = one.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
}

addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/dang-xuat") {
    Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
    return;
  }
  const others = forms().filter((form) => form !== event.target).map(unsent).filter((form) => form.fields.length > 0);
  if (others.length > 0) sessionStorage.setItem(place, JSON.stringify(others));
  else sessionStorage.removeItem(place);
});

const kept = JSON.parse(sessionStorage.getItem(place) ?? "[]");
sessionStorage.removeItem(place);
for (const { form, fields } of kept) {
  const here = forms().find((one) => nameOf(one) === form);
  if (here) put(here, fields);
}
