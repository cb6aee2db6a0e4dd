// Choosing a city or a county shows its guides at once; without this the button does the same.
const form = document.getElementById("filter-form");

form?.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLSelectElement)) return;
  const county = form.elements.namedItem("county");
  if (event.target.name === "city" && county) county.value = "";
  form.requestSubmit();
});

// Empty fields say nothing, so they stay out of the address.
form?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});
