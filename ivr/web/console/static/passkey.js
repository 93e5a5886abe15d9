// Passkeys: a form that asks the browser to make one or to sign with one, and then sends what the browser says.
// Without a script, or in a browser that knows no passkeys, the form stays hidden.

const knows = typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

const asks = {
  create: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

async function answer(form) {
  const told = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (!told.ok || told.redirected) throw new Error("no options");
  const credential = await asks[form.dataset.passkey](await told.json());
  return JSON.stringify(credential.toJSON());
}

for (const form of knows ? document.querySelectorAll("form[data-passkey]") : []) {
  const trouble = form.querySelector(":scope > .error");
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = button.disabled = true;
    try {
      form.elements.credential.value = await answer(form);
      form.submit();
    } catch {
      trouble.textContent = "No passkey was used: it was canceled, or took too long. Try again.";
      trouble.hidden = button.disabled = false;
    }
  });
}

if (knows) {
  for (const words of document.querySelectorAll("[data-without-passkeys]")) words.hidden = true;
}
