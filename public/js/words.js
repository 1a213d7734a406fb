// The sentences that scripts need are translated by the server and stand in <template id="words" data-…>.
export const word = (name) => document.getElementById('words')?.dataset[name] ?? '';

/** A modal dialog with a body and buttons; resolves with the pressed button's value, '' when dismissed. */
export function ask(body, buttons) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  const row = document.createElement('form');
  row.method = 'dialog';
  row.className = 'buttons';
  for (const { text, value, look } of buttons) {
    const button = document.createElement('button');
    Object.assign(button, { textContent: text, value, className: look ?? '' });
    row.append(button);
  }
  dialog.append(body, row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => { done(dialog.returnValue); dialog.remove(); }));
}

/** Storage may be refused by the browser; then nothing is remembered, and that is all. */
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* refused or full */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* refused */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};
