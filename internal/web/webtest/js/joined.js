// Pairs of texts that look apart and have no space between them: their last
// and first words, joined, and whether they are in elements that run together
// without CSS.
() => {
  const inline = /^(A|ABBR|B|BDI|BDO|CITE|CODE|DATA|DFN|EM|I|KBD|LABEL|MARK|Q|S|SAMP|SMALL|SPAN|STRONG|SUB|SUP|TIME|U|VAR|BUTTON)$/;
  const list = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let a = null;
  for (let b = walker.nextNode(); b; b = walker.nextNode()) {
    if (!b.data || b.parentElement.closest('script, style, noscript, template, option') || !b.parentElement.checkVisibility()) continue;
    const before = a; a = b;
    if (!before || !/[\p{L}\p{N}]$/u.test(before.data) || !/^[\p{L}\p{N}]/u.test(b.data)) continue;
    const range = document.createRange();
    range.setStartAfter(before); range.setEndBefore(b);
    if (range.cloneContents().querySelector?.('br, hr, img, input, select, textarea')) continue;
    const rect = (node, from, to) => { const r = document.createRange(); r.setStart(node, from); r.setEnd(node, to); return r.getBoundingClientRect(); };
    const x = rect(before, before.data.length - 1, before.data.length), y = rect(b, 0, 1);
    const apart = y.left - x.right > 2 || x.bottom <= y.top + 1 || y.bottom <= x.top + 1 || y.right < x.left;
    let common = range.commonAncestorContainer;
    let bare = true; // no block between the two without CSS
    for (const end of [before, b]) for (let e = end.parentElement; e && e !== common; e = e.parentElement) bare &&= inline.test(e.tagName);
    const svg = !!b.parentElement.closest('svg');
    if (apart) list.push({ word: before.data.match(/[\p{L}\p{N}]+$/u)[0] + b.data.match(/^[\p{L}\p{N}]+/u)[0], bare: bare && !svg, at: says(common.nodeType === 1 ? common : common.parentElement) });
  }
  return list;
}
