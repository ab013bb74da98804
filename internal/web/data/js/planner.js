(() => {
  const form = document.getElementById('ask'), odds = document.getElementById('odds');
  if (!form || !odds) return;
  let timer, asked;
  const follow = async () => {
    asked?.abort();
    asked = new AbortController();
    const fields = new URLSearchParams(new FormData(form));
    for (const own of ['checkins', 'stops', 'from']) fields.delete(own);
    try {
      const answer = await fetch('/trial/odds?' + fields, {signal: asked.signal, credentials: 'same-origin'});
      if (answer.ok) odds.innerHTML = await answer.text();
    } catch (e) {
      if (e.name !== 'AbortError') odds.removeAttribute('aria-busy');
      return;
    }
    odds.removeAttribute('aria-busy');
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    odds.setAttribute('aria-busy', 'true');
    timer = setTimeout(follow, 400);
  });
})();
