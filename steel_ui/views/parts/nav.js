// In ms: how often the part of a page that a link leads to is looked for and held in view, and for how long at most.
const HOLD_EVERY = 250, HOLD_AT_MOST = 15000

// The menu as plain links: keyboard, middle click and screen readers know what they are.
export function render({ model, el }) {
  const nav = document.createElement("nav")
  const said = document.createElement("p")
  said.className = "said"
  said.setAttribute("role", "status")
  el.append(nav, said)

  const address = (key) => {
    const query = new URLSearchParams(window.location.search)
    query.set("page", key)
    return `?${query}`
  }
  const go = (event, key) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return
    event.preventDefault()
    model.active = key
  }
  const draw = () => {
    nav.setAttribute("aria-label", model.label)
    nav.replaceChildren(...model.items.map(({ key, label, icon }) => {
      const link = document.createElement("a")
      link.href = address(key)
      link.dataset.key = key
      link.addEventListener("click", (event) => go(event, key))
      link.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icon}"/></svg>`
      link.append(Object.assign(document.createElement("span"), { textContent: label }))
      return link
    }))
    mark()
  }
  const mark = () => {
    for (const link of nav.children) {
      const here = link.dataset.key === model.active
      link.toggleAttribute("data-here", here)
      here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")
      if (here) link.scrollIntoView({ block: "nearest", inline: "nearest" })
    }
    turn()
    const here = model.items.find(({ key }) => key === model.active)
    if (!here) return
    document.title = `${here.label} · ${model.product}`
    document.documentElement.lang = model.language
  }
  // The pages lie beside the menu; at first they may not be there yet.
  const turn = () => {
    const pages = el.getRootNode().host?.parentNode?.querySelectorAll(".page") ?? []
    if (!pages.length) requestAnimationFrame(turn)
    for (const page of pages) page.toggleAttribute("data-here", page.classList.contains(`page-${model.active}`))
  }
  const moved = () => {
    mark()
    const here = model.items.find(({ key }) => key === model.active)
    said.textContent = here ? here.label : ""
    document.querySelector(".main")?.parentElement?.scrollTo?.(0, 0)
  }
  // A link of a page's own text to another page: <a data-page="drift">.
  const followed = (event) => {
    const link = event.composedPath().find((node) => node.dataset?.page)
    if (!link) return
    go(event, link.dataset.page)
    if (event.defaultPrevented && link.dataset.to) lead(`.page-${link.dataset.page}`, link.dataset.to.split(" "))
  }
  // Brings a part of a page into view and holds it there while the page fills above it, until the reader moves themself.
  const lead = (page, parts) => {
    let left = HOLD_AT_MOST / HOLD_EVERY, isFound = false
    const within = (root, part) => {
      for (const one of root.children) {
        const found = one.classList.contains(`at-${part}`) ? one : within(one.shadowRoot ?? one, part)
        if (found) return found
      }
    }
    const hold = () => {
      const place = el.getRootNode().host.parentNode.querySelector(page)
      const found = place?.shadowRoot && parts.map((part) => within(place.shadowRoot, part)).find(Boolean)
      if (found) {
        if (!isFound) { found.tabIndex = -1; found.focus({ preventScroll: true }) }
        isFound = true
        found.scrollIntoView({ block: "start" })
      }
      if ((left -= 1) <= 0) stop()
    }
    const timer = setInterval(hold, HOLD_EVERY), ways = ["wheel", "touchmove", "pointerdown", "keydown"]
    const stop = () => {
      clearInterval(timer)
      for (const way of ways) document.removeEventListener(way, stop)
    }
    for (const way of ways) document.addEventListener(way, stop)
  }
  document.addEventListener("click", followed)
  // A link that is opened in another tab shows what is chosen by then.
  const point = (event) => {
    const link = event.target.closest?.("a")
    if (link) link.href = address(link.dataset.key)
  }
  nav.addEventListener("pointerover", point)
  nav.addEventListener("focusin", point)
  for (const name of ["items", "label", "language", "product"]) model.on(name, draw)
  model.on("active", moved)
  model.on("leads_to", () => window.location.assign(model.leads_to))
  model.on("remove", () => document.removeEventListener("click", followed))
  draw()
}
