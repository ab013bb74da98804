// A person must see what each control asks for.
() => {
  const seen = (el) => el && shown(el) && words(el.innerText) !== '';
  const refs = (el) => (el.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
  const legend = (el) => { const f = el.closest('fieldset'); const l = f?.querySelector(':scope > legend'); return seen(l) ? f : null; };
  const found = [];
  const groups = new Map();
  for (const el of document.querySelectorAll('input, select, textarea, button')) {
    if (/^(hidden)$/.test(el.type)) continue;
    const own = [...el.labels ?? []].some(seen) || refs(el).some(seen);
    if (/^(submit|button|reset|image)$/.test(el.type)) {
      if (shown(el) && !own && !words(el.tagName === 'BUTTON' ? el.innerText : el.value)) found.push(says(el) + ' is a button without visible words');
      continue;
    }
    if (!shown(el) && !own && !el.checkVisibility({ visibilityProperty: true })) continue;
    const alone = legend(el)?.querySelectorAll('input:not([type=hidden]), select, textarea').length === 1;
    if (!own && !alone) found.push(says(el) + ' has no visible label');
    if (el.type === 'radio') groups.set(el.name, [...groups.get(el.name) ?? [], el]);
  }
  for (const [name, list] of groups) {
    const group = list[0].closest('[role=radiogroup], [role=group]');
    if (list.length > 1 && !legend(list[0]) && !(group && refs(group).some(seen))) found.push('the choices name=' + name + ' have no visible legend');
  }
  return found;
}
