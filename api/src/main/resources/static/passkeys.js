// A form with data-passkey asks its server for the options of a passkey, the browser for the passkey, and then sends
// itself with what the browser answered. data-ceremony says whether one is made ("create") or used.
async function ceremony(form) {
  const answer = await fetch(form.dataset.passkey, {
    method: "POST",
    headers: { Accept: "application/json", "X-XSRF-TOKEN": form.elements._csrf.value },
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail || "The server refused it: load this page again.");
  }
  const options = await answer.json();
  const credential =
    form.dataset.ceremony === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
    form.hidden = true;
    continue;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ceremony(form).catch((error) => {
      const complaint = form.querySelector("[data-complaint]");
      complaint.textContent = error.name === "NotAllowedError" ? "Nothing was chosen: try again." : error.message;
      complaint.hidden = false;
    });
  });
}
