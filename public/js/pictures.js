// Writing: a picture is sent from beside the text, and its line put where the cursor stands. The page of pictures does the same.
export function pictures(page) {
  for (const box of page.querySelectorAll('[data-pictures]')) {
    const text = page.getElementById(box.dataset.pictures);
    const csrf = text?.form?.elements.csrf;
    const [file, alt] = box.querySelectorAll('input');
    const button = box.querySelector('button');
    const says = box.querySelector('[role=status]');
    if (!csrf || !file || !alt || !button || !says) continue;
    box.hidden = false;
    button.addEventListener('click', async () => {
      says.textContent = '';
      const form = new FormData();
      form.set('csrf', csrf.value);
      form.set('alt', alt.value);
      form.set('file', file.files[0] ?? new Blob());
      button.disabled = true;
      try {
        const answer = await fetch('/my/uploads', { method: 'POST', body: form });
        const shown = new DOMParser().parseFromString(await answer.text(), 'text/html');
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
      button.disabled = false;
    });
  }
}
