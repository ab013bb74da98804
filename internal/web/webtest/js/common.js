// What the checks share. Every check is wrapped with this text.
const words = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

// shown is true for what a person can see: not hidden, not clipped away for
// screen readers only, not outside the page.
const shown = (el) => {
  if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  const box = el.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1) return false;
  if (box.right <= 0 || box.bottom + scrollY <= 0) return false;
  for (let e = el; e; e = e.parentElement) {
    const s = getComputedStyle(e);
    if (/^inset\(([5-9]\d|100)%/.test(s.clipPath) || /^rect\(0px,? 0px,? 0px,? 0px\)|^rect\(1px,? 1px,? 1px,? 1px\)/.test(s.clip)) return false;
    const b = e.getBoundingClientRect();
    if (s.overflow !== 'visible' && (b.width <= 1 || b.height <= 1) && s.display !== 'contents') return false;
  }
  return true;
};

// says names an element in a failure.
const says = (el) => {
  if (!el || el === document.documentElement || el === document.body) return 'the page';
  const label = el.getAttribute('aria-label') || (el.labels && el.labels[0]?.textContent) || (/^(select|textarea)$/i.test(el.tagName) ? '' : el.textContent) || el.value || '';
  const text = words(label).slice(0, 40);
  const id = el.id ? ' id=' + el.id : el.name ? ' name=' + el.name : '';
  return '<' + el.tagName.toLowerCase() + id + '>' + (text ? ' "' + text + '"' : '');
};

const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"]), [contenteditable=true]';

// texts are the runs of text a person sees, each with its first and last line.
const texts = () => {
  const list = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!words(node.data) || parent.closest('script, style, noscript, template, svg, option, datalist') || !shown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((r) => r.width > 0 && r.height > 0);
    if (lines.length) list.push({ node, parent, text: words(node.data), first: lines[0], last: lines[lines.length - 1] });
  }
  return list;
};
