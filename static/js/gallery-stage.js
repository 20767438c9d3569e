// The frame's size: its zoom, and the handle at its side.

import { frame } from "./gallery-page.js";

// fit gives a frame its zoom, scales it down where it is wider than its room, and says how wide it is.
export function fit() {
  const view = frame(), box = view.closest(".g-window"), stage = box.parentElement;
  const width = Number(view.getAttribute("width")), zoom = (Number(view.dataset.zoom) || 100) / 100;
  const style = getComputedStyle(stage);
  const room = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
  const scale = width && width > room && room > 0 ? room / width : zoom;
  view.style.transform = scale === 1 ? "" : `scale(${scale})`;
  view.style.height = scale === 1 ? "" : `${100 / scale}%`;
  view.style.width = width || scale === 1 ? "" : `${100 / scale}%`;
  box.style.width = width ? `${Math.floor(width * scale) + 2}px` : "";
  const label = document.getElementById("g-size");
  label.textContent = `${view.clientWidth} px` + (scale === 1 ? "" : ` at ${Math.round(scale * 100)} %`);
  label.toggleAttribute("data-on", Boolean(width) || scale !== 1);
  const handle = document.getElementById("g-handle");
  handle.hidden = false;
  handle.setAttribute("aria-valuenow", view.clientWidth);
  handle.setAttribute("aria-valuetext", `${view.clientWidth} pixels`);
}

// handled makes the handle work: it is dragged, or moved by the arrow keys. Where it is left, keep is told.
export function handled(keep) {
  let dragged, waiting;
  const kept = (delay = 0) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(frame().getAttribute("width")), delay);
  };
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("#g-handle");
    if (!handle || event.button) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const box = frame().closest(".g-window").getBoundingClientRect();
    dragged = { from: event.clientX, width: frame().clientWidth, scale: box.width / frame().clientWidth };
    document.body.classList.add("g-dragging");
  });
  document.addEventListener("pointermove", (event) => {
    // The frame stands in the middle: it grows to both sides.
    if (dragged) resize(dragged.width + ((event.clientX - dragged.from) * 2) / (dragged.scale || 1));
  });
  document.addEventListener("pointerup", () => {
    if (!dragged) return;
    dragged = null;
    document.body.classList.remove("g-dragging");
    kept();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "g-handle" || !["ArrowLeft", "ArrowRight"].includes(event.key) || event.altKey) return;
    event.preventDefault();
    resize(frame().clientWidth + (event.key === "ArrowRight" ? 1 : -1) * (event.shiftKey ? 100 : 10));
    kept(300);
  });
  new ResizeObserver(fit).observe(frame().closest(".g-stage"));
}

function resize(width) {
  frame().setAttribute("width", Math.round(Math.min(2560, Math.max(200, width))));
  frame().closest(".g-window").setAttribute("data-width", "");
  fit();
}
