// A native select: it opens by keyboard and on a phone as everywhere else.
export function render({ model, el }) {
  const select = document.createElement("select")
  el.append(select)
  const draw = () => {
    const { options = {}, value = "", label = "", stamp } = model.shown
    const entries = Object.entries(options instanceof Map ? Object.fromEntries(options) : options)
    select.hidden = entries.length < 2
    select.setAttribute("aria-label", label)
    select.replaceChildren(...entries.map(([one, text]) => new Option(text, one)))
    select.value = value
    model.seen = stamp
  }
  select.addEventListener("change", () => { model.done = `${select.value}|${Date.now()}` })
  model.on("shown", draw)
  draw()
}
