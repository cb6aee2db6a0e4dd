// Shows only what applies to one case (在职职工 / 灵活就业人员); the choice stands in the address after #, so that it can
// be sent on. Without this everything is shown, grouped by case.
const field = document.querySelector("[data-case-choice]");
const shown = document.querySelector("[data-case-shown]");
const parts = [...document.querySelectorAll("[data-for]")];

if (field && parts.length) {
  field.hidden = false;
  field.addEventListener("change", (event) => {
    show(event.target.value);
    keep(event.target.value);
  });
  addEventListener("hashchange", () => asked() && choose(asked()));
  choose(asked());
}

function asked() {
  return new URLSearchParams(location.hash.slice(1)).get("case") ?? "";
}

function choose(name) {
  const radios = [...field.querySelectorAll("input")];
  const radio = radios.find(({ value }) => value === name) ?? radios[0];
  radio.checked = true;
  show(radio.value);
}

function show(name) {
  for (const part of parts) part.hidden = name !== "" && !part.dataset.for.split("|").includes(name);
  shown.hidden = name === "";
  shown.textContent = name && `只列出“${name}”的材料、时限和渠道。`;
  for (const link of document.querySelectorAll("a[data-keep-case]")) link.hash = name && address(name);
  for (const link of document.querySelectorAll("a[data-case-option]")) link.search = withCase(link.search, name);
  document.dispatchEvent(new Event("casechange"));
}

function keep(name) {
  history.replaceState(null, "", name ? address(name) : location.pathname + location.search);
}

// A PDF cannot see what stands after #: there the choice is a parameter, the last one.
function withCase(search, name) {
  const parameters = new URLSearchParams(search);
  parameters.delete("case");
  if (name) parameters.append("case", name);
  return `${parameters}`;
}

function address(name) {
  return `#${new URLSearchParams({ case: name })}`;
}
