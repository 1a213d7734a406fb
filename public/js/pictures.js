// Writing: a picture is sent from beside the text, and its line put where the cursor stands. The page of pictures does the
// same. One that is pasted into the text or dropped on it waits beside it until it is described.
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
    const take = (event, files) => {
      const picture = [...(files ?? [])].find((one) => one.type.startsWith('image/'));
      if (!picture) return;
      event.preventDefault();
      const held = new DataTransfer();
      held.items.add(picture);
      file.files = held.files;
      box.open = true;
      says.textContent = '';
      alt.focus();
    };
    text.addEventListener('paste', (event) => take(event, event.clipboardData?.files));
    text.addEventListener('drop', (event) => take(event, event.dataTransfer?.files));
    text.addEventListener('dragover', (event) => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); });
    button.addEventListener('click', async () => {
      says.textContent = '';
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
          [file.value, alt.value] = ['', ''];
          text.focus();
        } else {
          says.textContent = [...shown.querySelectorAll('.errors li')].map((one) => one.textContent).join(' ')
            || shown.querySelector('h1')?.textContent || '';
        }
      } catch (error) {
        says.textContent = String(error.message);
      }
      bar.hidden = true;
      button.disabled = false;
    });
  }
}
