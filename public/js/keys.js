// Single keys, as in other forums: j and k walk through posts, threads and queues, o opens, r replies, q quotes, l reacts,
// b saves, u goes back up, / searches, g and a letter goes somewhere, ? shows this; on the desk f, c and a go to the three
// answers, t takes, z undoes. They can be switched off (WCAG 2.1.4): in a member's settings everywhere, here in this browser.
import { ask, memory, word } from "./words.js";

const OFF = 'loggia-keys-off';
const PLACES = { h: '/', l: '/latest', n: '/new', u: '/unread', c: '/categories', i: '/my/notices', b: '/my/bookmarks', d: '/my/drafts', m: '/members' };
const DESK = [['f c a', 'keysAnswers'], ['t', 'keysTake'], ['z', 'keysUndo']];
const NAMES = [['j', 'keysNext'], ['k', 'keysPrev'], ['o', 'keysOpen'], ['r', 'keysReply'], ['q', 'keysQuote'], ['l', 'keysReact'], ['b', 'keysSave'], ['u', 'keysUp'], ['/', 'keysSearch'], ['g', 'keysGo'], ['?', 'keysHelp']];

export function keys(page) {
  if (page.documentElement.dataset.keys === 'off') return;
  // Looked up at each key: more posts may have come below.
  const posts = () => [...page.querySelectorAll('article.post:not(.gone)')];
  const stops = () => (posts().length ? posts() : [...page.querySelectorAll('[data-queue] a, .threads .title > a:first-of-type')]);
  page.querySelector('[data-keys-hint]')?.removeAttribute('hidden');
  let going = 0;
  const shown = (stop) => { const { top, bottom } = stop.getBoundingClientRect(); return bottom > 0 && top < innerHeight; };
  // What has the focus, or what the address names while it can be seen.
  const here = () => stops().find((stop) => stop.contains(page.activeElement))
    ?? stops().find((stop) => stop.hasAttribute('aria-current') || (stop.matches(':target') && shown(stop)));
  // Otherwise what stands at the top of the window: nobody means the first post who reads the ninth.
  const near = () => here() ?? stops().find((stop) => stop.getBoundingClientRect().bottom > 40) ?? stops().at(-1);
  const step = (by) => {
    const all = stops();
    const to = here() ? all[all.indexOf(here()) + by] ?? here() : near();
    if (!to) return;
    if (!to.matches('a')) to.tabIndex = -1;
    to.focus();
    to.scrollIntoView({ block: 'nearest' });
  };
  const answer = (id) => (page.querySelector(`.decide #${id} :checked`) ?? page.querySelector(`.decide #${id} input`))?.focus();
  const inPost = (what) => near()?.querySelector(what);
  const help = async () => {
    if (page.querySelector('dialog[open]')) return;
    const body = document.createElement('div');
    body.innerHTML = '<h2></h2><dl class="facts"></dl><div class="check"><input type="checkbox" id="keys-on"><label for="keys-on"></label></div>';
    body.querySelector('h2').textContent = word('keysTitle');
    body.querySelector('label').textContent = word('keysOn');
    for (const [key, name] of page.querySelector('.desk') ? [...NAMES, ...DESK] : NAMES) {
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
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    o: () => (here()?.matches('a') ? here() : inPost('.when'))?.click(),
    r: () => (inPost('a[href*="reply_to="]') ?? page.querySelector('#reply textarea'))?.[inPost('a[href*="reply_to="]') ? 'click' : 'focus'](),
    q: () => inPost('a[href*="quote="]')?.click(),
    l: () => inPost('.reactions button')?.click(),
    b: () => inPost('form[action$="bookmark"] button')?.click(),
    u: () => page.querySelector('.crumbs a:last-of-type')?.click(),
    f: () => answer('finding'),
    c: () => answer('content'),
    a: () => answer('author'),
    t: () => page.querySelector('.desk aside [value=take], .desk aside [value=put_back]')?.click(),
    z: () => page.querySelector('form[action="/desk/review/undo"] button')?.click(),
    '/': () => page.querySelector('.find input')?.focus(),
  };
  page.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input:not([type=radio], [type=checkbox]), textarea, select, dialog, [contenteditable]')) return;
    if (event.key === '?') { help(); return; }
    if (memory.get(OFF)) return;
    const goes = Date.now() - going < 1500 && PLACES[event.key];
    going = 0;
    if (goes) { event.preventDefault(); location.assign(goes); return; }
    if (event.key === 'g') { going = Date.now(); return; }
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}
