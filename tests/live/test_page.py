"""The exported page in a real browser, judged by axe-core: where Chromium and the npm packages axe-core and puppeteer-core are there.

npm install --prefix FOLDER axe-core puppeteer-core
MACHINELAB_AXE=FOLDER pytest tests/live/test_page.py -m live
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from machinelab import catalog, exporting, reading

pytestmark = pytest.mark.live

AXE = Path(os.environ.get("MACHINELAB_AXE", "/nowhere")) / "node_modules"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
ASK = """
const p = require(process.env.AXE + "/puppeteer-core"), fs = require("fs");
(async () => {
  const [url, width, scheme, browser] = process.argv.slice(2);
  const b = await p.launch({ executablePath: browser, args: ["--no-sandbox", "--disable-gpu"] });
  const g = await b.newPage();
  const said = [];
  g.on("console", (m) => said.push(m.text()));
  g.on("pageerror", (e) => said.push(String(e)));
  g.on("request", (r) => { if (!r.url().startsWith("file:")) said.push(r.url()); });
  await g.setViewport({ width: +width, height: 900 });
  await g.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await g.goto(url);
  await g.click("[data-do=next]");
  await g.click("[data-do=next]");
  const step = await g.$eval(".steps output", (e) => e.textContent);
  await (await g.$$(".packet.here .hex i"))[46].click();
  const pressed = await g.$$eval(".packet.here [aria-pressed=true]", (e) => e.map((x) => x.textContent));
  const charts = await g.$$eval("figure svg.chart", (e) => e.filter((x) => x.getBoundingClientRect().height > 200).length);
  const wide = await g.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const judged = await b.newPage();
  await judged.setBypassCSP(true);
  await judged.setViewport({ width: +width, height: 900 });
  await judged.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await judged.goto(url);
  await judged.evaluate(fs.readFileSync(process.env.AXE + "/axe-core/axe.min.js", "utf8"));
  const found = await judged.evaluate(() => axe.run(document));
  console.log(JSON.stringify({ step, pressed, wide, said, violations: found.violations.map((v) => v.id), passes: found.passes.length, charts }));
  await b.close();
})();
"""


@pytest.mark.skipif(
    not (BROWSER and AXE.is_dir() and shutil.which("node")), reason="needs Chromium, node and axe-core"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("lab", "experiment", "told_second", "figures"),
    [
        ("dns", "cold", "root-refers", 0),
        ("tcp", "slow-start", "first-flight", 2),
        ("wal", "pages", "commit-records", 1),
    ],
)
def test_the_page_is_accessible_fits_and_answers(
    lab, experiment, told_second, figures, width, scheme, tmp_path
):
    found = reading.open_reference(catalog.load_lab(lab), experiment)
    file = tmp_path / f"{experiment}.html"
    exporting.export(found, file)
    script = tmp_path / "ask.js"
    script.write_text(ASK)
    argv = ["node", str(script), file.as_uri(), str(width), scheme, str(BROWSER)]
    out = subprocess.run(
        argv, capture_output=True, text=True, check=True, env={**os.environ, "AXE": str(AXE)}
    )
    told = json.loads(out.stdout.splitlines()[-1])
    assert told["violations"] == [] and told["passes"] > 30
    assert told["said"] == [] and told["wide"] <= 0
    assert told_second in told["step"]
    # A record of the log has no field at that byte; a packet has its destination there.
    assert lab == "wal" or told["pressed"][0].startswith("ip.dst")
    assert told["charts"] == figures
