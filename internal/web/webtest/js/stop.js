// Describes where the focus is: null after the last stop.
() => {
  const walk = window.__walk, el = document.activeElement;
  if (!el || el === document.body || el === document.documentElement) return null;
  // A field for a date or a time has stops of its own inside: its parts and its picker.
  walk.inside = walk.seen.at(-1) === el ? (walk.inside ?? 0) + 1 : 0;
  if (/^(date|time|month|week|datetime-local)$/.test(el.type ?? '') && walk.inside > 0 && walk.inside < 7) return { inside: true, faults: [] };
  if (walk.seen.includes(el)) return { again: true, faults: [], name: says(el), same: walk.seen.at(-1) === el };
  const faults = [];
  const last = walk.seen.at(-1);
  if (last && !(last.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING)) faults.push(says(el) + ' has the focus after ' + says(last) + ', which stands behind it in the document');
  if (el.tabIndex > 0) faults.push(says(el) + ' has a place of its own in the tab order');
  walk.seen.push(el);
  const shows = shown(el) ? el : [...el.labels ?? []].find(shown);
  if (!shows) return { faults: [...faults, says(el) + ' has the focus and cannot be seen'], name: says(el) };
  if (walk.look(el) === (walk.before.get(el) ?? '') && shows === el) faults.push(says(el) + ' looks the same with and without the focus');
  let inside = 0, hidden = null;
  for (const r of shows.getClientRects()) {
    if (r.width < 1 || r.height < 1) continue;
    const dx = Math.min(4, r.width / 4), dy = Math.min(4, r.height / 4);
    for (const [x, y] of [[r.left + r.width / 2, r.top + r.height / 2], [r.left + dx, r.top + dy], [r.right - dx, r.top + dy], [r.left + dx, r.bottom - dy], [r.right - dx, r.bottom - dy]]) {
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      inside++;
      const hit = document.elementFromPoint(x, y);
      if (hit && hit !== el && !el.contains(hit) && !hit.contains(el) && !shows.contains(hit) && ![...el.labels ?? []].some((l) => l.contains(hit))) hidden ??= hit;
    }
  }
  if (!inside) faults.push(says(el) + ' has the focus outside the window');
  if (hidden) faults.push(says(el) + ' has the focus and is covered by ' + says(hidden));
  return { faults, name: says(el), link: el.tagName === 'A' ? el.getAttribute('href') : '', lands: el.hash ? !!document.querySelector('main')?.contains(document.getElementById(decodeURIComponent(el.hash.slice(1)))) : false };
}
