// In development the page follows its files: styles at once, words and scripts by drawing anew.

import { frame } from "./gallery-page.js";

// live asks what has changed, again and again; redraw brings the story, again loads its frame.
export async function live(address, { redraw, again }, before) {
  await new Promise((done) => setTimeout(done, 400));
  let now = before;
  if (!document.hidden) {
    try {
      now = await (await fetch(address)).json();
    } catch {} // The program is being built again.
    if (before && now.style !== before.style) restyle(now.style);
    if (before && now.script !== before.script) again();
    if (before && now.page !== before.page) {
      await redraw();
      setTimeout(redraw, 700); // The words may be written after their file.
    }
  }
  live(address, { redraw, again }, now);
}

function restyle(version) {
  for (const page of [document, frame().contentDocument]) {
    for (const sheet of page.querySelectorAll("link[rel=stylesheet]")) {
      const next = sheet.cloneNode();
      next.href = `${sheet.href.split("?")[0]}?${version}`;
      next.addEventListener("load", () => sheet.remove(), { once: true });
      sheet.after(next);
    }
  }
}
