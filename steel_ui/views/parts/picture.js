// Saves a chart as a PNG under its title: `name` is the chart's, `title` and the colours come from the button.
const seek = (view) => {
  if (view == null) return null
  if (view.model.name === name) return view
  for (const child of view.child_views ?? []) {
    const found = seek(child)
    if (found) return found
  }
  return null
}
const chart = Array.from(Bokeh.index).map(seek).find(Boolean)
if (!chart) return
const layer = chart.export("auto", true)
const picture = layer.canvas, scale = layer.pixel_ratio ?? 1
const paper = document.createElement("canvas"), margin = 14 * scale, head = 40 * scale
paper.width = picture.width + 2 * margin
paper.height = picture.height + head + margin
const pen = paper.getContext("2d")
pen.fillStyle = surface
pen.fillRect(0, 0, paper.width, paper.height)
pen.fillStyle = ink
pen.font = `700 ${16 * scale}px Roboto, Arial, sans-serif`
pen.fillText(title, margin, 26 * scale)
pen.drawImage(picture, margin, head)
paper.toBlob((blob) => {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = `${name}.png`
  link.click()
  URL.revokeObjectURL(link.href)
})
