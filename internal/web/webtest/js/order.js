// The order of the text without CSS is the order a person sees: a text may not
// stand above the one before it, nor to its left on the same line.
() => {
  const found = [];
  const placed = (el) => { for (let e = el; e && e !== document.body; e = e.parentElement) if (/fixed|sticky/.test(getComputedStyle(e).position)) return true; return false; };
  const list = texts().filter((t) => !placed(t.parent));
  for (let i = 1; i < list.length; i++) {
    const a = list[i - 1].last, b = list[i].first;
    const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const line = shared > Math.min(a.height, b.height) / 2;
    if (line && b.right <= a.left + 1 || b.bottom <= a.top + 1 && b.left < a.right - 1) found.push('"' + list[i].text.slice(0, 40) + '" follows "' + list[i - 1].text.slice(0, 40) + '" without CSS and stands ' + (line ? 'left of' : 'above') + ' it');
  }
  const all = words(document.body.textContent);
  for (const el of document.body.querySelectorAll('*')) for (const side of ['::before', '::after']) {
    const text = (getComputedStyle(el, side).content.match(/"([^"]*)"/g) ?? []).join(' ').replace(/\\[0-9a-f]{1,6} ?/g, ' ');
    if (/\p{L}/u.test(text) && !all.includes(words(text.replaceAll('"', ''))) && shown(el)) found.push('the words ' + text + ' of ' + says(el) + ' are lost without CSS');
  }
  return found;
}
