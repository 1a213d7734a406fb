// data-draft-key on a textarea: what is typed survives a closed tab. It stays in this browser and goes when it was sent or one signs out.
import { memory, word } from "./words.js";

const PREFIX = 'loggia-draft:';
const SENT = 'loggia-sent';

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
      field.dispatchEvent(new Event('input', { bubbles: true }));
      const note = document.createElement('p');
      note.className = 'hint';
      note.setAttribute('role', 'status');
      note.textContent = word('draft');
      field.after(note);
    }
    let wait;
    field.addEventListener('input', () => {
      clearTimeout(wait);
      wait = setTimeout(() => (field.value.trim() ? memory.set(key, field.value) : memory.drop(key)), 400);
    });
    field.form?.addEventListener('submit', () => { clearTimeout(wait); memory.set(SENT, field.dataset.draftKey); });
  }
  page.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
    for (const key of memory.keys()) if (key.startsWith(PREFIX)) memory.drop(key);
  });
}
