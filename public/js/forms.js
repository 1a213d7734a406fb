import { ask, word } from "./words.js";

/** data-confirm on a form or on the pressed button: ask before it is sent. */
export function confirmations(page) {
  page.addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = document.createElement('p');
    body.textContent = question;
    ask(body, [
      { text: submitter?.textContent.trim() || word('ok'), value: 'yes', look: submitter?.classList.contains('danger') ? 'danger' : '' },
      { text: word('cancel'), value: '', look: 'quiet' },
    ]).then((answer) => {
      if (answer !== 'yes') { submitter?.focus(); return; }
      form.dataset.confirmed = '1';
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  });
}

/** A form is sent once. The server's once-key is what counts; this only spares people the second click. */
export function guard(page) {
  const free = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
  };
  page.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    for (const button of form.querySelectorAll('button:not([type=button])')) button.setAttribute('aria-disabled', 'true');
    setTimeout(free, 8000, form);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) for (const form of page.querySelectorAll('form[data-sent]')) free(form);
  });
}

/** data-limit on a textarea or input: how many characters are left. Spoken only when it gets tight. */
export function counters(page) {
  for (const field of page.querySelectorAll('[data-limit]')) {
    const limit = Number(field.dataset.limit);
    const shown = document.createElement('p');
    shown.className = 'counter';
    field.after(shown);
    const count = () => {
      const left = limit - [...field.value.normalize('NFC')].length;
      shown.textContent = `${left} / ${limit}`;
      shown.classList.toggle('over', left < 0);
      shown.hidden = left > limit / 2 && limit > 1000;
      if (left < 20) shown.setAttribute('role', 'status'); else shown.removeAttribute('role');
    };
    field.addEventListener('input', count);
    count();
  }
}

/** data-copy="id" on a button: copies that element's text. The button is hidden until scripts run. */
export function copying(page) {
  if (!navigator.clipboard) return;
  for (const button of page.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const from = page.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
        button.textContent = word('copied');
      } catch { button.textContent = word('copiedNot'); }
    });
  }
}
