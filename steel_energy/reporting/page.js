/* Draws each chart from the JSON beside it, one after the other so that the page stays responsive, in the theme's colours. */
(() => {
  const root = document.documentElement;
  const charts = [...document.querySelectorAll(".chart")];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const settings = {
    responsive: true, displaylogo: false, displayModeBar: matchMedia("(hover: hover)").matches ? "hover" : false,
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  };

  function draw(chart) {
    const theme = getComputedStyle(root);
    const text = chart.querySelector("script").textContent;
    const figure = JSON.parse(text.replace(/var\((--[a-z0-9-]+)\)/g, (_, name) => theme.getPropertyValue(name).trim()));
    if (matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false; // a swipe scrolls the page
    const plot = chart.querySelector(".plot");
    if (root.classList.contains("printing")) figure.layout.width = plot.clientWidth; // paper never resizes a chart
    return Plotly.react(plot, figure.data, figure.layout, settings);
  }

  function drawFrom(index) {
    if (index >= charts.length) { root.dataset.charts = "drawn"; return; }
    draw(charts[index]);
    setTimeout(() => drawFrom(index + 1));
  }

  addEventListener("beforeprint", () => { root.classList.add("printing"); charts.forEach(draw); });
  addEventListener("afterprint", () => { root.classList.remove("printing"); drawFrom(0); });
  dark.addEventListener("change", () => drawFrom(0));
  drawFrom(0);
})();
