/** The only stylesheet: inline on every page, no build, no request. Contrast of text is at least 4.5:1 in both schemes. */
export const stylesheet = `
:root{color-scheme:light dark;--bg:#f7f8f6;--card:#fff;--ink:#1b2420;--soft:#55625b;--line:#dde3de;--accent:#1f6f4a;--accent-soft:#e3f1e9;--bad:#a32d1c;--bad-soft:#fbe9e5;--warn:#7a5600;--warn-soft:#faf0d6}
@media (prefers-color-scheme:dark){:root{--bg:#101513;--card:#181f1c;--ink:#e6ece8;--soft:#9dada4;--line:#2b3631;--accent:#6fcf9f;--accent-soft:#17372a;--bad:#ff9e8c;--bad-soft:#3a1d18;--warn:#f0c96a;--warn-soft:#352b12}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
header.top,main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header.top{display:flex;gap:1.5rem;align-items:center;padding-top:1.1rem;padding-bottom:1.1rem}
header.top .brand{font-weight:700;letter-spacing:.01em;text-decoration:none;color:var(--ink);margin-right:auto;display:flex;gap:.55rem;align-items:center}
header.top nav{display:flex;gap:1.25rem}
h1{font-size:1.75rem;line-height:1.2;margin:1rem 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.1rem;margin:2.2rem 0 .7rem}
p.lead{color:var(--soft);max-width:44rem;margin:.2rem 0 1rem}
code,pre,.mono{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.85rem 1rem;overflow:auto;margin:.5rem 0}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.15rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1rem;padding:0;margin:0;list-style:none}
.cards a.title{font-weight:600;color:var(--ink);text-decoration:none}
.cards a.title:hover{text-decoration:underline}
.cards .shot{display:block;height:9rem;margin:-1rem -1.15rem .8rem;border-radius:9px 9px 0 0;overflow:hidden;background:var(--line)}
.cards .shot img{width:100%;height:100%;object-fit:cover;image-rendering:auto;display:block}
.badge{display:inline-block;border-radius:99px;padding:.08rem .65rem;font-size:.8125rem;font-weight:600;background:var(--line);color:var(--ink);white-space:nowrap}
.badge.good{background:var(--accent-soft);color:var(--accent)}
.badge.bad{background:var(--bad-soft);color:var(--bad)}
.badge.warn{background:var(--warn-soft);color:var(--warn)}
.strip{display:flex;gap:.4rem;list-style:none;padding:0;margin:1.2rem 0 .4rem}
.strip li{flex:1;border-top:4px solid var(--line);padding-top:.45rem;font-size:.875rem;color:var(--soft)}
.strip li.done{border-color:var(--accent);color:var(--ink)}
.strip li.now{border-color:var(--accent);color:var(--accent);font-weight:600}
.strip li.stop{border-color:var(--bad);color:var(--bad);font-weight:600}
progress{width:100%;height:.55rem;accent-color:var(--accent)}
.box{border-radius:10px;padding:.9rem 1.15rem;margin:1.2rem 0;border:1px solid}
.box.bad{background:var(--bad-soft);border-color:var(--bad)}
.box.warn{background:var(--warn-soft);border-color:var(--warn)}
.box p{margin:.25rem 0}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.9rem 1.5rem;margin:1.2rem 0}
dl.facts dt{color:var(--soft);font-size:.8125rem}
dl.facts dd{margin:0;font-weight:600;overflow-wrap:break-word}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.5rem .75rem;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--soft);font-weight:500;font-size:.8125rem}
th:first-child,td:first-child,td.left,th.left{text-align:left}
td.wrap{white-space:normal;overflow-wrap:anywhere}
tbody tr:hover{background:var(--accent-soft)}
svg.spark{width:100%;height:auto;display:block}
svg.spark text{fill:var(--soft);font:12px system-ui,sans-serif}
svg.spark .line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
svg.spark .dot{fill:var(--card);stroke:var(--accent);stroke-width:2}
svg.spark .axis{stroke:var(--line)}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:1rem}
figure{margin:0}
figure img{width:100%;height:auto;display:block;border-radius:8px;border:1px solid var(--line);background:var(--line)}
figcaption{font-size:.875rem;margin-top:.35rem;display:flex;justify-content:space-between;gap:.5rem}
svg.legend{width:20rem;max-width:100%;height:auto;display:block;margin:.2rem 0 1rem}
svg.legend text{fill:var(--soft);font:11px system-ui,sans-serif}
ol.events{list-style:none;padding:0;margin:0}
ol.events li{display:flex;gap:1rem;padding:.35rem 0;border-bottom:1px solid var(--line)}
ol.events time{color:var(--soft);white-space:nowrap}
ol.events .text{overflow-wrap:anywhere}
details summary{cursor:pointer;color:var(--accent)}
button{font:inherit;font-size:.875rem;background:var(--card);color:var(--ink);border:1px solid var(--line);border-radius:8px;padding:.35rem .9rem;cursor:pointer}
input{font:inherit;background:var(--card);color:var(--ink);border:1px solid var(--line);border-radius:8px;padding:.35rem .6rem}
.device-code{font-size:2rem;letter-spacing:.12em}
button:hover{border-color:var(--accent)}
.actions{display:flex;gap:.6rem;align-items:center;margin:.8rem 0}
.method{font-weight:700;color:var(--accent);min-width:3.2rem;display:inline-block}
section.route{border-top:1px solid var(--line);padding-top:.2rem;margin-top:1.6rem}
footer{color:var(--soft);font-size:.875rem;padding-top:2.5rem;padding-bottom:2rem}
@media (max-width:40rem){.strip{flex-direction:column}.strip li{border-top:0;border-left:4px solid var(--line);padding:.1rem .6rem}ol.events li{flex-direction:column;gap:0}}
`.trim();

/**
 * Follows a request that is not final: every piece of news fetches the page again and swaps its main part. Without
 * JavaScript the page reloads itself instead (a refresh inside noscript).
 */
export const liveScript = `
(() => {
  const main = document.querySelector('main[data-live]');
  if (!main || !('EventSource' in window)) return;
  const stream = new EventSource(main.dataset.live);
  let busy = false, again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        main.replaceChildren(...page.querySelector('main').childNodes);
      }
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };
  stream.addEventListener('progress', refresh);
  stream.addEventListener('done', () => { stream.close(); refresh(); });
})();
`.trim();
