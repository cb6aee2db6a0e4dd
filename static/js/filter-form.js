// Empty fields say nothing, so they stay out of the address.
const form = document.getElementById("filter-form");

form?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

// A county belongs to its city: another city asks for another county.
form?.addEventListener("change", (event) => {
  const county = form.elements.namedItem("county");
  if (event.target instanceof HTMLSelectElement && event.target.name === "city" && county) county.value = "";
});
