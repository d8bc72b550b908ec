"""The report's style sheet: calm grey on screen, plain on paper. Knows no content."""

STYLE_SHEET = """
:root { --ink: #2b3035; --soft: #6a7178; --line: #d5d9dd; --pale: #f3f5f6; }
* { box-sizing: border-box; }
body { margin: 0; background: #e8ebed; color: var(--ink);
  font: 14px/1.45 "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 36px 48px; background: #fff; }
h1 { font-size: 25px; font-weight: 600; margin: 0 0 14px; }
h2 { font-size: 17px; font-weight: 600; margin: 34px 0 8px; padding-bottom: 4px;
  border-bottom: 2px solid var(--line); }
h3 { font-size: 14px; font-weight: 600; margin: 22px 0 6px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 0;
  font-size: 13px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 12px/1.4 Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.result { background: var(--pale); border-left: 4px solid #8b949c; padding: 12px 16px;
  font-size: 15px; }
.result p { margin: 0 0 6px; }
.result p:last-child { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px;
  font-variant-numeric: tabular-nums; }
th, td { padding: 5px 8px; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--line); }
th { background: var(--pale); font-weight: 600; vertical-align: bottom;
  border-bottom: 2px solid #b9c0c6; }
th.t, td.t { text-align: left; }
tbody tr:hover { background: #fafbfb; }
tbody tr.group td { border-top: 2px solid #b9c0c6; }
td b { font-weight: 700; }
td small { display: block; color: var(--soft); font-size: 10.5px; }
p.note { color: var(--soft); font-size: 12px; margin: 6px 0 0; max-width: 100ch; }
.grid { display: flex; flex-wrap: wrap; gap: 14px 18px; align-items: flex-start; }
figure { margin: 0; break-inside: avoid; }
figure img { display: block; max-width: 100%; height: auto; }
.grid figure { flex: 0 1 auto; max-width: 31.8%; }
.grid.wide figure { max-width: 48%; }
figcaption { font-size: 12.5px; font-weight: 600; margin: 0 0 2px; }
table.examples { width: auto; max-width: 100%; table-layout: fixed; font-size: 11px; }
table.examples th, table.examples td { text-align: center; padding: 3px; border: 0;
  background: none; vertical-align: middle; overflow-wrap: anywhere; }
table.examples tr { break-inside: avoid; }
table.examples td.t { text-align: left; width: 110px; color: var(--soft); }
table.examples img { display: block; width: 100%; max-width: 128px; height: auto;
  margin: 0 auto; }
.badge { display: inline-block; padding: 0 7px; border-radius: 3px; font-weight: 600;
  font-size: 12px; }
.badge.failed { border: 1px solid #D55E00; color: #9c4500; }
.badge.missing { border: 1px solid #E69F00; color: #7a5400; }
@page { size: A4 landscape; margin: 12mm 12mm 13mm; }
@media print {
  body { background: #fff; font-size: 9.5pt; }
  main { max-width: none; margin: 0; padding: 0; }
  h1 { font-size: 17pt; }
  h2 { font-size: 12.5pt; margin-top: 16pt; break-after: avoid; }
  h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 7.6pt; }
  th, td { padding: 2.5pt 4pt; }
  td small { font-size: 6.4pt; }
  thead { display: table-header-group; }
  tr, figure, .result, dl { break-inside: avoid; }
  section.keep { break-inside: avoid; }
  p.note { font-size: 7.6pt; break-before: avoid; }
  tbody tr:hover { background: none; }
  table.examples img { max-width: 68pt; }
  table.examples { font-size: 7pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
