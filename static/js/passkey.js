// A passkey is kept by the machine: the browser is asked for it, and its answer goes with the form.
(function () {
  const form = document.getElementById("passkey");
  if (!form || !window.PublicKeyCredential || !window.webauthnJSON) {
    return;
  }
  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-failed]");

  button.hidden = false;
  form.querySelector("[data-no-script]").hidden = true;
  button.addEventListener("click", async function () {
    failed.hidden = true;
    try {
      const answer = await window.webauthnJSON[form.dataset.act](options);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
      button.focus();
    }
  });
})();
