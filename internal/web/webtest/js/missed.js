// What the walk with Tab has not reached; puts the page back to its top.
() => {
  const walk = window.__walk;
  delete window.__walk;
  document.activeElement.blur();
  scrollTo({ top: 0, behavior: 'instant' });
  const radios = new Set(walk.seen.filter((el) => el.type === 'radio').map((el) => el.name));
  return [...document.querySelectorAll(controls)].filter((el) => !walk.seen.includes(el) && shown(el) && !el.disabled && !el.closest('[inert], fieldset:disabled') && !(el.type === 'radio' && radios.has(el.name)))
    .map((el) => says(el) + ' cannot be reached with Tab');
}
