// With spaced text nothing may be cut off.
() => [...document.body.querySelectorAll('*')].filter((el) => {
  const s = getComputedStyle(el);
  if (!shown(el) || !words(el.textContent) || el.closest('svg')) return false;
  const cutX = /hidden|clip/.test(s.overflowX) && el.scrollWidth > el.clientWidth + 1;
  const cutY = /hidden|clip/.test(s.overflowY) && el.scrollHeight > el.clientHeight + 1;
  return (cutX || cutY) && s.display !== 'inline' && el !== document.body;
}).map((el) => 'text is cut off in ' + says(el))
