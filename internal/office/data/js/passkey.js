// Passkeys need the browser's own dialog, which only a script can open. Every
// other way to sign in works without one.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = s => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const post = async (path, body) => {
    const r = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = await r.json().catch(() => ({}));
    if (!r.ok) throw new Error(said.message || "The office could not do this.");
    return said;
  };
  const wrong = e => {
    document.getElementById("passkey-wrong").textContent =
      e.name === "NotAllowedError" ? "Your device did not go on. Try again." : e.name === "InvalidStateError" ? "This device has a passkey here already." : e.message;
  };
  const press = (button, work) => {
    button.addEventListener("click", async () => {
      button.disabled = true;
      document.getElementById("passkey-wrong").textContent = "";
      try { location.assign((await work()).to); } catch (e) { wrong(e); button.disabled = false; }
    });
  };

  const add = document.getElementById("passkey-add");
  if (add) {
    document.getElementById("passkey-new").hidden = false;
    press(add, async () => {
      const begun = await post("/account/passkeys/begin", {});
      const o = begun.options.publicKey;
      o.challenge = bytes(o.challenge);
      o.user.id = bytes(o.user.id);
      for (const c of o.excludeCredentials || []) c.id = bytes(c.id);
      const made = await navigator.credentials.create({ publicKey: o });
      return post("/account/passkeys", { token: begun.token, name: document.getElementById("passkey-name").value, credential: {
        id: made.id, rawId: text(made.rawId), type: made.type, response: {
          clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject),
          transports: made.response.getTransports ? made.response.getTransports() : [] } } });
    });
  }

  const into = document.getElementById("passkey-sign-in");
  if (into) {
    const part = document.getElementById("passkey-in");
    part.hidden = false;
    press(into, async () => {
      const begun = await post("/sign-in/passkey/begin", {});
      const o = begun.options.publicKey;
      o.challenge = bytes(o.challenge);
      for (const c of o.allowCredentials || []) c.id = bytes(c.id);
      const got = await navigator.credentials.get({ publicKey: o });
      const a = got.response;
      return post("/sign-in/passkey", { token: begun.token, back: part.dataset.back, credential: {
        id: got.id, rawId: text(got.rawId), type: got.type, response: {
          clientDataJSON: text(a.clientDataJSON), authenticatorData: text(a.authenticatorData), signature: text(a.signature),
          userHandle: a.userHandle ? text(a.userHandle) : null } } });
    });
  }
})();
