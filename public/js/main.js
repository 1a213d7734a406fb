// Everything works without this file. Each module looks for its own marks in the page and goes home when there are none.
import { theme } from "./theme.js";
import { times } from "./times.js";
import { menus } from "./menus.js";
import { guard, confirmations, counters, copying } from "./forms.js";
import { drafts } from "./drafts.js";
import { excerpts } from "./excerpts.js";
import { pictures } from "./pictures.js";
import { writing } from "./write.js";
import { tools } from "./tools.js";
import { quick } from "./quick.js";
import { keys } from "./keys.js";
import { compose } from "./compose.js";
import { calendar } from "./calendar.js";
import { thread } from "./thread.js";

if (isSecureContext) navigator.serviceWorker?.register('/sw.js').catch(() => {});

for (const enhance of [theme, times, menus, confirmations, quick, guard, counters, copying, drafts, writing, tools, excerpts, pictures, keys, compose, calendar, thread]) {
  // One broken helper must not take the others with it.
  try { enhance(document); } catch (error) { console.error(error); }
}
