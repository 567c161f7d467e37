import { createHash } from 'node:crypto';
import type { Html } from './html.ts';

const css = `
:root { color-scheme: only light; }
@page { size: A4; margin: 18mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
body { margin: 0 auto; max-width: 178mm; padding: 8mm 0; background: #fff; color: #1b1b1b;
  font: 10pt/1.45 "Segoe UI", system-ui, sans-serif; overflow-wrap: anywhere; }
@media print { body { padding: 0; max-width: none; } }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 8mm 0 2mm; break-after: avoid; }
p { margin: 0 0 2mm; orphans: 3; widows: 3; }
.state { border: 1pt solid #1b1b1b; padding: 3mm 4mm; margin: 5mm 0; font-weight: 600; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: start; vertical-align: top; padding: 1.2mm 3mm 1.2mm 0; border-bottom: .5pt solid #8a8a8a; }
td { min-width: 16mm; }
td:first-child { min-width: 24mm; }
th { overflow-wrap: normal; }
th[scope=row] { font-weight: 400; width: 45mm; color: #424242; }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.quiet { color: #424242; font-size: 9pt; }
`;

/**
 * What the page may do once it is a file, where no header of ours protects it: show its own style, and nothing else.
 * `frame-ancestors` does not hold in a `meta` element.
 */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** A whole page for A4, to print or to keep: light, without scripts, and without anything from elsewhere. */
export function reportPage(body: Html): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence report</title>
<style>${css}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
