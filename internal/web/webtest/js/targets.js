// WCAG 2.2, 2.5.8: 24 by 24 px, except links in a line of text.
() => {
  const inText = (el) => {
    if (el.tagName !== 'A' || getComputedStyle(el).display !== 'inline') return false;
    let block = el.parentElement;
    while (getComputedStyle(block).display.startsWith('inline') && block.parentElement) block = block.parentElement;
    return words(block.innerText).replace(words(el.innerText), '').replace(/[^\p{L}\p{N}]/gu, '') !== '';
  };
  const size = (el) => {
    let { width, height } = el.getBoundingClientRect();
    for (const label of el.labels ?? []) {
      if (!/^(radio|checkbox|file)$/.test(el.type) || !shown(label)) continue;
      const box = label.getBoundingClientRect();
      width = Math.max(width, box.width); height = Math.max(height, box.height);
    }
    return [width, height];
  };
  const visible = (el) => shown(el) || [...el.labels ?? []].some(shown) && /^(radio|checkbox)$/.test(el.type);
  return [...document.querySelectorAll(controls)].filter((el) => visible(el) && !inText(el)).flatMap((el) => {
    const [w, h] = size(el);
    return w < 23.99 || h < 23.99 ? [says(el) + ' is ' + Math.round(w) + ' by ' + Math.round(h) + ' px, at least 24 are agreed'] : [];
  });
}
