// data-draft-key on a textarea: what is typed into its form survives a closed tab, and another device can go on with it.
// Two seconds after the last key it is saved on the server; what the network loses, and fields that the server's drafts do
// not have, stay in this browser until it was sent or one signs out.
import { memory, word } from "./words.js";

const PREFIX = 'loggia-draft:';
const SENT = 'loggia-sent';
// What a page says once the words of a form are safe; any other page that follows proves nothing.
const SAFE = ['reply-written', 'thread-started', 'post-edited', 'draft-saved', 'guidelines-draft-saved', 'guidelines-published', 'site-page-saved'];
// What the server keeps of a form.
const KEPT = ['title', 'category', 'tags', 'body'];
// And of a poll, where one was begun.
const POLL = ['poll_question', 'poll_options', 'poll_kind', 'poll_secret', 'poll_days'];

const worded = (form, value) => {
  const values = (names) => names.map((name) => (form.elements[name] && value(name)) || '');
  const poll = values(POLL);
  return JSON.stringify([...values(KEPT), ...(poll[0].trim() || poll[1].trim() ? poll : [])]);
};
const wordsOf = (form) => worded(form, (name) => {
  const one = form.elements[name];
  return one.type === 'checkbox' && !one.checked ? '' : one.value;
});
const typed = (form) => [...form.elements].filter((one) => one.name && one.matches('input:not([type=hidden], [type=file]), textarea, select'));
const ticked = (one) => one.matches('[type=checkbox], [type=radio]');
const fieldsOf = (form) => Object.fromEntries(typed(form).map((one) => (ticked(one) ? [`${one.name}=${one.value}`, one.checked] : [one.name, one.value])));
// A category that was chosen by the way one came here is no writing, but a draft for another one is not meant here.
const empty = (form, draft) => !['title', 'tags', 'body', 'poll_question', 'poll_options'].some((name) => form.elements[name]?.value.trim())
  && (!draft || !form.elements.category?.value || form.elements.category.value === draft.category);

function fill(form, fields) {
  for (const one of typed(form)) {
    const value = fields[ticked(one) ? `${one.name}=${one.value}` : one.name];
    if (value === undefined) continue;
    if (ticked(one)) one.checked = value; else one.value = value;
  }
  const asked = form.elements.poll_question;
  if (asked?.value) asked.closest('details')?.setAttribute('open', '');
  form.elements.body?.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Says something below the field; `way` is where a link leads, or what a button does. */
function say(field, name, way) {
  let note = field.form.querySelector('[data-draft-note]');
  if (!note) {
    note = document.createElement('p');
    note.className = 'hint';
    note.dataset.draftNote = '';
    note.setAttribute('role', 'status');
    field.after(note);
  }
  note.textContent = `${word(name)} `;
  if (!way) return;
  const opens = document.createElement(way.call ? 'button' : 'a');
  opens.textContent = word('draftOpen');
  if (way.call) Object.assign(opens, { type: 'button', className: 'quiet', onclick: way });
  else opens.href = way;
  note.append(opens);
}

// Where an answer came from in the end: whoever is not signed in any more is led to the door, with status 200.
const from = (answer, path) => new URL(answer.url).pathname === path;

/** Keeps the form on the server; what another device wrote since is not overwritten, but pointed at. */
function onServer(field, last, remember) {
  const { form } = field;
  const number = form.elements.draft_revision;
  if (!number) return () => {};
  const place = `/my/drafts/${encodeURIComponent(field.dataset.draftKey)}`;
  // Words that were sent from here: on a slow line the answer that carries their number may never have come.
  const mine = new Set(last ? [last] : []);
  let known = null;
  let apart = false;
  let looked = null;
  let busy = false;
  let again = false;
  const read = async (answer) => {
    const made = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('textarea[data-draft]');
    if (!made) return null;
    const { draft, title, category, tags } = made.dataset;
    const poll = JSON.parse(made.dataset.poll || '{}');
    if (poll.poll_options) poll.poll_options = poll.poll_options.replaceAll('\r\n', '\n');
    const fields = { title, category, tags, body: made.value, ...poll, 'poll_secret=1': !!poll.poll_secret };
    const words = worded(form, (name) => fields[name]);
    return { revision: draft, fields, words, path: made.form.querySelector('a.button')?.getAttribute('href') || place };
  };
  const agree = (revision, words) => {
    [number.value, known] = [revision, words];
    mine.clear();
    mine.add(words);
    remember(words);
  };
  const part = (name, path) => { apart = true; say(field, name, path); };
  const own = (kept) => kept.words === wordsOf(form) || mine.has(kept.words);
  const look = () => {
    looked ??= (async () => {
      const kept = await read(await fetch(place));
      if (!kept || kept.revision === number.value) return;
      if (own(kept)) agree(kept.revision, kept.words);
      else if (empty(form, kept.fields)) {
        fill(form, kept.fields);
        agree(kept.revision, kept.words);
        say(field, 'draft');
      } else part(Number(number.value) ? 'draftNewer' : 'draftOther', kept.path);
    })().catch((error) => { looked = null; throw error; });
    return looked;
  };
  form.addEventListener('focusin', () => look().catch(() => {}), { once: true });
  // One saving at a time: the next one needs the number that this one brings.
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    try {
      await look();
      while (again && !apart) {
        again = false;
        const words = wordsOf(form);
        if (words === known) break;
        mine.add(words);
        remember(words);
        const answer = await fetch(place, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
        if (answer.status === 409) {
          const kept = await read(await fetch(place));
          if (kept && !own(kept)) part('draftNewer', kept.path);
          else if (kept) { agree(kept.revision, kept.words); again = true; }
        } else if (answer.ok) {
          const kept = await read(answer);
          if (kept && Number(kept.revision) !== Number(number.value) + 1 && kept.words !== words) part('draftNewer', kept.path);
          else if (kept) agree(kept.revision, words);
          else if (from(answer, '/my/drafts')) agree(0, words);
          else if (from(answer, '/sign-in')) say(field, 'draftHere');
        } else if (answer.status === 401) say(field, 'draftHere');
      }
    } finally { busy = false; }
  };
}

export function drafts(page) {
  const said = page.querySelector('[data-said]')?.dataset.said;
  const sent = memory.get(SENT);
  if (sent && SAFE.includes(said)) memory.drop(sent);
  memory.drop(SENT);

  for (const field of page.querySelectorAll('[data-draft-key]')) {
    const { form } = field;
    const { draftKey, draftOf } = field.dataset;
    if (!form || !draftOf) continue;
    const key = `${PREFIX}${draftOf}:${draftKey}`;
    const number = form.elements.draft_revision;
    let kept = null;
    try { kept = JSON.parse(memory.get(key)); } catch { /* as it was kept once: the words alone, and no longer known whose */ }
    const before = Number(number?.value ?? 0);
    const fresh = kept && Number(kept.revision) >= before && JSON.stringify(kept.fields) !== JSON.stringify(fieldsOf(form));
    const go = () => {
      fill(form, kept.fields);
      if (number) number.value = kept.revision;
      say(field, 'draft');
    };
    if (fresh && empty(form, kept.fields)) go();
    else if (fresh) say(field, 'draftOther', go);
    let last = kept?.sent;
    const keep = () => {
      if (empty(form)) memory.drop(key);
      else memory.set(key, JSON.stringify({ fields: fieldsOf(form), revision: number?.value ?? 0, sent: last }));
    };
    const save = onServer(field, last, (words) => { last = words; keep(); });
    let wait;
    let far;
    const stop = () => { clearTimeout(wait); clearTimeout(far); };
    form.addEventListener('input', () => {
      stop();
      wait = setTimeout(keep, 400);
      far = setTimeout(() => save().catch(() => {}), 2000);
    });
    form.addEventListener('submit', () => { stop(); keep(); memory.set(SENT, key); });
  }
  page.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
    for (const key of memory.keys()) if (key.startsWith(PREFIX)) memory.drop(key);
  });
}
