// data-draft-key on a textarea: what is typed survives a closed tab, and another device can go on with it. Two seconds
// after the last key it is saved on the server; what the network loses stays in this browser until it was sent or one
// signs out.
import { memory, word } from "./words.js";

const PREFIX = 'loggia-draft:';
const SENT = 'loggia-sent';
// Which saving of it this browser had read.
const READ = 'loggia-draft:#';

function say(field, name, href) {
  let note = field.form?.querySelector('[data-draft-note]');
  if (!note) {
    note = document.createElement('p');
    note.className = 'hint';
    note.dataset.draftNote = '';
    note.setAttribute('role', 'status');
    field.after(note);
  }
  note.textContent = `${word(name)} `;
  if (!href) return;
  const link = document.createElement('a');
  Object.assign(link, { href, textContent: word('draftOpen') });
  note.append(link);
}

/** Keeps the field's form on the server; what another device wrote since is not overwritten, but pointed at. */
function onServer(field) {
  const key = field.dataset.draftKey;
  const number = field.form?.elements.draft_revision;
  if (!number) return () => {};
  const place = `/my/drafts/${encodeURIComponent(key)}`;
  let newer = false;
  const read = async (answer) => {
    const made = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('textarea[data-draft]');
    return made && { revision: made.dataset.draft, body: made.value, path: made.form.querySelector('a.button')?.getAttribute('href') ?? '' };
  };
  field.addEventListener('focus', async () => {
    const answer = await fetch(place);
    const kept = answer.ok ? await read(answer) : null;
    if (!kept || kept.revision === number.value) return;
    if (!field.value || field.value === kept.body) {
      [field.value, number.value] = [kept.body, kept.revision];
      say(field, 'draft');
    } else { newer = true; say(field, 'draftNewer', kept.path); }
  }, { once: true });
  return async () => {
    if (newer) return;
    const answer = await fetch(place, { method: 'POST', body: new URLSearchParams(new FormData(field.form)) });
    if (answer.status === 409) { newer = true; say(field, 'draftNewer', place); return; }
    const kept = answer.ok ? await read(answer) : null;
    number.value = kept?.revision ?? 0;
    memory.set(READ + key, number.value);
  };
}

export function drafts(page) {
  const fields = [...page.querySelectorAll('[data-draft-key]')];
  const sent = memory.get(SENT);
  // The form that came back still holding words was refused: keep its draft.
  if (sent && !fields.some((field) => field.dataset.draftKey === sent && field.value)) memory.drop(PREFIX + sent);
  memory.drop(SENT);

  for (const field of fields) {
    const key = PREFIX + field.dataset.draftKey;
    const kept = memory.get(key);
    if (kept && !field.value) {
      field.value = kept;
      if (field.form?.elements.draft_revision) field.form.elements.draft_revision.value = memory.get(READ + field.dataset.draftKey) ?? 0;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      say(field, 'draft');
    }
    const save = onServer(field);
    let wait;
    let far;
    field.addEventListener('input', () => {
      clearTimeout(wait);
      clearTimeout(far);
      wait = setTimeout(() => (field.value.trim() ? memory.set(key, field.value) : memory.drop(key)), 400);
      far = setTimeout(() => save().catch(() => {}), 2000);
    });
    field.form?.addEventListener('submit', () => { clearTimeout(wait); clearTimeout(far); memory.set(SENT, field.dataset.draftKey); });
  }
  page.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
    for (const key of memory.keys()) if (key.startsWith(PREFIX)) memory.drop(key);
  });
}
