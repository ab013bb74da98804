// Remembers how every control looks without the focus, and puts the focus at
// the start of the page.
() => {
  const look = (el) => { const s = getComputedStyle(el); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecoration, s.color].join('|'); };
  document.activeElement?.blur();
  const all = [...document.querySelectorAll(controls)];
  window.__walk = { look, all, seen: [], before: new Map(all.map((el) => [el, look(el)])) };
  const root = document.documentElement;
  root.tabIndex = -1; root.focus({ preventScroll: true }); root.removeAttribute('tabindex'); root.blur();
  scrollTo({ top: 0, behavior: 'instant' });
}
