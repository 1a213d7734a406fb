// j and k walk through queues and thread lists, / goes to the search, ? shows this. Single keys can be switched off (WCAG 2.1.4).
import { ask, memory, word } from "./words.js";

const OFF = 'loggia-keys-off';

export function keys(page) {
  const stops = [...page.querySelectorAll('[data-queue] a, .threads .title > a:first-of-type')];
  const step = (by) => {
    const at = stops.findIndex((stop) => stop === page.activeElement);
    const here = at >= 0 ? at : stops.findIndex((stop) => stop.hasAttribute('aria-current'));
    stops[Math.max(0, Math.min(stops.length - 1, here + by))]?.focus();
  };
  const help = async () => {
    if (page.querySelector('dialog[open]')) return;
    const body = document.createElement('div');
    body.innerHTML = '<h2></h2><dl class="facts"></dl><div class="check"><input type="checkbox" id="keys-on"><label for="keys-on"></label></div>';
    body.querySelector('h2').textContent = word('keysTitle');
    body.querySelector('label').textContent = word('keysOn');
    for (const [key, name] of [['j', 'keysNext'], ['k', 'keysPrev'], ['/', 'keysSearch'], ['?', 'keysHelp']]) {
      const row = document.createElement('template');
      row.innerHTML = '<dt><kbd></kbd></dt><dd></dd>';
      row.content.querySelector('kbd').textContent = key;
      row.content.querySelector('dd').textContent = word(name);
      body.querySelector('dl').append(row.content);
    }
    const on = body.querySelector('input');
    on.checked = !memory.get(OFF);
    await ask(body, [{ text: word('close'), value: 'ok' }]);
    if (on.checked) memory.drop(OFF); else memory.set(OFF, '1');
  };
  page.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog, [contenteditable]')) return;
    if (event.key === '?') { help(); return; }
    if (memory.get(OFF)) return;
    if (event.key === 'j' && stops.length) step(1);
    else if (event.key === 'k' && stops.length) step(-1);
    else if (event.key === '/') page.querySelector('.find input')?.focus();
    else return;
    event.preventDefault();
  });
}
