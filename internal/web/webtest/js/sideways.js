// A page must not scroll sideways; what sticks out is named, the widest first.
() => {
  const width = document.documentElement.clientWidth;
  const over = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - width;
  if (over <= 0) return [];
  const scrolls = (el) => { for (let e = el.parentElement; e && e !== document.body; e = e.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)) return true; return false; };
  const out = [...document.body.querySelectorAll('*')]
    .map((el) => ({ el, right: el.getBoundingClientRect().right + scrollX }))
    .filter((x) => x.right > width + 0.5 && !scrolls(x.el) && ![...x.el.children].some((c) => c.getBoundingClientRect().right + scrollX >= x.right - 0.5))
    .sort((a, b) => b.right - a.right).slice(0, 3);
  return ['the page scrolls ' + over + ' px sideways' + (out.length ? ': ' + out.map((x) => says(x.el) + ' ends at ' + Math.round(x.right)).join('; ') : '')];
}
