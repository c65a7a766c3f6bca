/* Draws each chart from the JSON beside it, one after the other so that the page stays responsive, in the theme's colours. */
(() => {
  const root = document.documentElement;
  const charts = [...document.querySelectorAll(".chart")];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const settings = {
    responsive: true, displaylogo: false, displayModeBar: matchMedia("(hover: hover)").matches ? "hover" : false,
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  };

  function draw(chart, width) {
    const theme = getComputedStyle(root);
    const text = chart.querySelector("script").textContent;
    const figure = JSON.parse(text.replace(/var\((--[a-z0-9-]+)\)/g, (_, name) => theme.getPropertyValue(name).trim()));
    if (matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false; // a swipe scrolls the page
    if (width) Object.assign(figure.layout, { width, autosize: false });
    return Plotly.react(chart.querySelector(".plot"), figure.data, figure.layout, settings);
  }

  function drawFrom(index) {
    if (index >= charts.length) { root.dataset.charts = "drawn"; return; }
    draw(charts[index]);
    setTimeout(() => drawFrom(index + 1));
  }

  const PRINT_WIDTH = 660; // A4 portrait less its margins, in CSS pixels
  addEventListener("beforeprint", () => {
    root.classList.add("printing");
    charts.forEach((chart) => draw(chart, chart.closest(".grid") ? PRINT_WIDTH / 2 - 20 : PRINT_WIDTH));
  });
  addEventListener("afterprint", () => { root.classList.remove("printing"); drawFrom(0); });
  dark.addEventListener("change", () => drawFrom(0));
  drawFrom(0);
})();
