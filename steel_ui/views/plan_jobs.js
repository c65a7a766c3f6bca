// The jobs of a plan as a form of plain inputs; a job is added, changed and taken away without an answer of the server.
const two = (number) => String(number).padStart(2, "0")
const QUARTERS = Array.from({ length: 96 }, (_, at) => `${two(Math.floor(at / 4))}:${two((at % 4) * 15)}`)
const MIDNIGHT = "24:00"
const MOMENTS = ["planned", "earliest", "latest"]

const made = (tag, fields = {}, ...children) => {
  const { data, ...plain } = fields
  const element = Object.assign(document.createElement(tag), plain)
  Object.assign(element.dataset, data ?? {})
  element.append(...children)
  return element
}
const dayAfter = (day, by) => {
  const moment = new Date(`${day}T00:00Z`)
  moment.setUTCDate(moment.getUTCDate() + by)
  return moment.toISOString().slice(0, 10)
}
// A job ends at 24:00 of its day, not at 00:00 of the next one.
const parted = (moment, name) => {
  const [day, time] = moment.split("T")
  return name === "latest" && time === "00:00" ? [dayAfter(day, -1), MIDNIGHT] : [day, time]
}
// What a screen reader calls a job's inputs.
const name_row = (group, name) => {
  group.setAttribute("aria-label", name)
  for (const one of group.querySelectorAll("[data-label]")) one.setAttribute("aria-label", `${one.dataset.label}: ${name}`)
}
const joined = (day, time) => (time === MIDNIGHT ? `${dayAfter(day, 1)}T00:00` : `${day}T${time}`)

export function render({ model, el }) {
  const rows = made("div", { className: "jobs" })
  const add = made("button", { type: "button", className: "add" })
  el.append(rows, add)
  let jobs = []

  const keep = () => { model.jobs = jobs.map((job) => ({ ...job })) }
  const keepAndDraw = () => { keep(); draw() }
  const field = (at, name, ...inputs) => {
    const wrong = model.wrong.filter((one) => one.job === at && one.inputs.includes(name)).map((one) => one.what)
    const label = made("label", { className: name }, made("span", { textContent: model.texts[name] }), ...inputs)
    for (const [nth, input] of inputs.entries()) {
      input.dataset.place = `${at} ${name} ${nth}`
      input.dataset.label = model.texts[name]
      if (wrong.length) input.setAttribute("aria-invalid", "true")
    }
    if (wrong.length) label.append(made("small", { role: "alert", textContent: wrong.join(" ") }))
    return label
  }
  const typed = (at, name, fields) => {
    const input = made("input", { value: jobs[at][name] ?? "", ...fields })
    input.addEventListener("change", () => {
      jobs[at][name] = input.type !== "number" ? input.value : input.value === "" ? null : Number(input.value)
      keep()
      name_row(input.closest(".job"), jobs[at].name)
    })
    return field(at, name, input)
  }
  const choice = (options, value, choose) => {
    const select = made("select", {}, ...options.map(([key, text]) => made("option", { value: key, textContent: text })))
    select.value = value
    select.addEventListener("change", () => choose(select.value))
    return select
  }
  const moment = (at, name) => {
    const set = (value) => { jobs[at][name] = value; keepAndDraw() }
    const last = name === "latest"
    const times = [["", model.texts.any], ...(last ? [...QUARTERS.slice(1), MIDNIGHT] : QUARTERS).map((time) => [time, time])]
    const first = model.days[0]?.[0]
    if (!jobs[at][name]) return field(at, name, choice(times, "", (time) => set(joined(first, time))))
    const [day, time] = parted(jobs[at][name], name)
    const known = model.days.some(([key]) => key === day)
    const clock = choice(times, time, (to) => set(to ? joined(day, to) : ""))
    if (known && model.days.length === 1) return field(at, name, clock)
    const days = known ? model.days : [[day, day], ...model.days]
    return field(at, name, choice(days, day, (to) => set(joined(to, time))), clock)
  }
  const row = (job, at) => {
    const kinds = [["", model.texts.fixed], ["pauses", model.texts.pauses]]
    const kind = choice(kinds, job.may_pause ? "pauses" : "", (value) => { job.may_pause = value !== ""; keep() })
    const remove = made("button", { type: "button", className: "remove", textContent: "×", title: model.texts.remove })
    remove.dataset.label = model.texts.remove
    remove.addEventListener("click", () => { jobs.splice(at, 1); model.wrong = []; keepAndDraw(); add.focus() })
    const inputs = [
      typed(at, "name", { type: "text", maxLength: 80 }),
      typed(at, "power_kw", { type: "number", min: 0, step: "any" }),
      typed(at, "hours", { type: "number", min: 0, step: 0.25 }),
      field(at, "may_pause", kind),
      ...MOMENTS.map((name) => moment(at, name)),
    ]
    const group = made("div", { className: "job" }, ...inputs, remove)
    group.setAttribute("role", "group")
    name_row(group, job.name)
    return group
  }
  const draw = () => {
    const root = el.getRootNode()
    const place = root.activeElement?.dataset?.place
    rows.replaceChildren(...jobs.map(row))
    add.textContent = `+ ${model.texts.add}`
    if (place) [...rows.querySelectorAll("input, select")].find((one) => one.dataset.place === place)?.focus()
  }
  const taken = () => {
    jobs = model.jobs.map((job) => ({ ...job }))
    draw()
  }
  add.addEventListener("click", () => {
    const names = new Set(jobs.map((job) => job.name))
    const named = (number) => model.texts.new.replace("{number}", number)
    let number = 1
    while (names.has(named(number))) number += 1
    const planned = model.days.length ? `${model.days[0][0]}T10:00` : ""
    jobs.push({ name: named(number), power_kw: 50, hours: 2, may_pause: false, planned, earliest: "", latest: "" })
    keepAndDraw()
    rows.lastElementChild.querySelector("input").select()
  })
  model.on("jobs", taken)
  for (const name of ["days", "texts", "wrong"]) model.on(name, draw)
  taken()
}
