// Writing: a picture is sent from beside the text, and its line put where the cursor stands. The page of pictures does the
// same. What is pasted into the text or dropped on it waits beside it until it is described, one picture after the other.
import { word } from "./words.js";

const send = (form, bar) => new Promise((done, fail) => {
  // Not fetch, which does not tell how much of it has left.
  const request = new XMLHttpRequest();
  request.open('POST', '/my/uploads');
  request.upload.onprogress = ({ loaded, total }) => { bar.hidden = false; bar.value = total ? loaded / total : 0; };
  request.onload = () => done({ ok: request.status < 300, html: request.responseText });
  request.onerror = () => fail(new TypeError(bar.dataset.lost));
  request.send(form);
});

export function pictures(page) {
  for (const box of page.querySelectorAll('[data-pictures]')) {
    const text = page.getElementById(box.dataset.pictures);
    const csrf = text?.form?.elements.csrf;
    const [file, alt] = box.querySelectorAll('input');
    const button = box.querySelector('button');
    const says = box.querySelector('[role=status]');
    const bar = box.querySelector('progress');
    if (!csrf || !file || !alt || !button || !says || !bar) continue;
    box.hidden = false;
    // How it is done without this.
    box.parentElement.querySelector('[data-pictures-hint]')?.setAttribute('hidden', '');
    let queue = [];
    // Nothing but another picture helps this one.
    let refused = false;
    const tell = (words, look = 'error') => Object.assign(says, { textContent: words, className: look });
    const next = () => {
      const held = new DataTransfer();
      if (queue.length) held.items.add(queue.shift());
      file.files = held.files;
      alt.value = '';
      refused = false;
      tell(queue.length ? `${word('picturesWait')} ${queue.length}` : '', 'hint');
      (held.files.length ? alt : text).focus();
    };
    const take = (event, files) => {
      const pictures = [...(files ?? [])].filter((one) => one.type.startsWith('image/'));
      if (!pictures.length) return;
      event.preventDefault();
      // One that waits for its words already stays first.
      const held = refused ? [] : [...file.files];
      const written = held.length ? alt.value : '';
      queue = [...held, ...queue, ...pictures];
      box.open = true;
      next();
      alt.value = written;
    };
    text.addEventListener('paste', (event) => take(event, event.clipboardData?.files));
    text.addEventListener('drop', (event) => take(event, event.dataTransfer?.files));
    text.addEventListener('dragover', (event) => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); });
    button.addEventListener('click', async () => {
      tell('');
      const form = new FormData();
      form.set('csrf', csrf.value);
      form.set('alt', alt.value);
      form.set('file', file.files[0] ?? new Blob());
      button.disabled = true;
      try {
        const answer = await send(form, bar);
        const shown = new DOMParser().parseFromString(answer.html, 'text/html');
        const line = answer.ok ? shown.querySelector('[data-line]')?.value : '';
        if (line) {
          text.setRangeText(`\n${line}\n`, text.selectionStart, text.selectionEnd, 'end');
          text.dispatchEvent(new Event('input', { bubbles: true }));
          next();
        } else {
          const why = [...shown.querySelectorAll('.errors li')].map((one) => one.textContent).join(' ')
            || shown.querySelector('h1')?.textContent || '';
          if (alt.value.trim() && queue.length) next();
          else refused = Boolean(alt.value.trim());
          tell(why);
        }
      } catch (error) {
        tell(String(error.message));
      }
      bar.hidden = true;
      button.disabled = false;
    });
  }
}
