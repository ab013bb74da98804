(() => {
  const form = document.getElementById('ask'), odds = document.getElementById('odds');
  if (!form || !odds) return;
  let timer, turn = 0;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++turn, fields = new URLSearchParams(new FormData(form));
      for (const own of ['checkins', 'stops']) fields.delete(own);
      const answer = await fetch('/trial/odds?' + fields);
      if (answer.ok && mine === turn) odds.innerHTML = await answer.text();
    }, 400);
  });
})();
