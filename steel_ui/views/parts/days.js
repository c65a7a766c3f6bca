// A group of buttons with aria-pressed. A button that stays is kept, so that the focus is not lost when all is told anew.
export function render({ model, el }) {
  const group = document.createElement("div")
  group.className = "day-grid"
  group.setAttribute("role", "group")
  el.append(group)
  const hit = (event) => { model.done = `${event.currentTarget.dataset.value}|${Date.now()}` }
  const button = () => {
    const made = document.createElement("button")
    made.type = "button"
    made.addEventListener("click", hit)
    return made
  }
  const draw = () => {
    const { days, label } = model
    group.setAttribute("aria-label", label)
    while (group.children.length < days.length) group.append(button())
    while (group.children.length > days.length) group.lastChild.remove()
    days.forEach(({ value, label, hint, pressed }, n) => {
      const made = group.children[n]
      Object.assign(made, { textContent: label, title: hint })
      made.dataset.value = value
      made.setAttribute("aria-pressed", pressed)
    })
  }
  model.on("days", draw)
  model.on("label", draw)
  draw()
}
