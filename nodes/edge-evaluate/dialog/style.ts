/** The looks of the picture: put into the page once, when a dialog is opened. */
const CSS = `
#edge-evaluate-picture-row { min-width: 640px; }
.edge-evaluation .edge-plots { display: flex; gap: 8px; }
.edge-evaluation .edge-scores { flex: 1 1 0; min-width: 0; height: 172px; cursor: ns-resize; touch-action: none; outline-offset: 1px; }
.edge-evaluation .edge-curve-box { flex: 0 0 228px; }
.edge-evaluation .edge-curve { width: 228px; height: 172px; cursor: crosshair; touch-action: none; display: block; }
.edge-evaluation .edge-controls { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; margin: 6px 0; }
.edge-evaluation .edge-controls label { width: auto; margin: 0; }
.edge-evaluation .edge-threshold { width: 90px !important; margin: 0; }
.edge-evaluation .edge-best { display: flex; flex-wrap: wrap; gap: 4px; width: 250px; margin-top: 5px; }
.edge-evaluation .edge-curve-kind { width: 152px !important; margin: 0; }
.edge-evaluation .edge-numbers { font-size: 13px; display: flex; gap: 22px; align-items: flex-start; }
.edge-evaluation table { border-collapse: separate; border-spacing: 2px; }
.edge-evaluation th { font-weight: normal; opacity: .8; padding: 2px 6px; text-align: right; }
.edge-evaluation td { min-width: 34px; padding: 4px 6px; text-align: right; font-variant-numeric: tabular-nums; border-radius: 3px; }
.edge-evaluation .edge-confusion td { min-width: 60px; font-size: 15px; line-height: 18px; text-align: center; }
.edge-evaluation .edge-confusion .edge-right { background: rgba(76, 164, 150, .25); }
.edge-evaluation .edge-confusion .edge-wrong { background: rgba(230, 105, 40, .2); }
.edge-evaluation .edge-metrics { display: grid; grid-template-columns: auto 1fr; gap: 1px 12px; margin: 0; line-height: 18px; }
.edge-evaluation .edge-metrics dt { font-weight: normal; opacity: .8; }
.edge-evaluation .edge-metrics dd { margin: 0; font-variant-numeric: tabular-nums; }
.edge-evaluation .edge-use { flex: 1 1 0; display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.edge-evaluation .edge-use button { margin: 0; }
.edge-evaluation .edge-use select { width: auto; max-width: 140px; margin: 0; }
.edge-evaluation .edge-said { opacity: .85; margin-bottom: 4px; }
.edge-evaluation .edge-said:empty { display: none; }
.edge-evaluation .edge-heat { font-size: 13px; white-space: nowrap; }
.edge-evaluation .edge-heat th { padding: 2px 4px; }
.edge-evaluation .edge-heat td { min-width: 30px; padding: 4px; }
.edge-evaluation .edge-heat-box { overflow: auto; max-height: 300px; }
.edge-evaluation .edge-heat-caption { margin: 6px 0 0 92px; opacity: .8; }
.edge-evaluation .edge-heat .edge-right { background: rgba(76, 164, 150, calc(.06 + .6 * var(--share))); }
.edge-evaluation .edge-heat .edge-wrong { background: rgba(230, 105, 40, calc(1.2 * var(--share))); }
.edge-evaluation .edge-heat .edge-number { opacity: .9; }
.edge-evaluation .edge-heat tr:first-child .edge-name { max-width: 60px; }
.edge-evaluation .edge-name { display: inline-block; max-width: 88px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
.edge-evaluation.edge-side { display: flex; gap: 20px; align-items: flex-start; }
.edge-evaluation .edge-scatter { width: 380px; height: 300px; flex: 0 0 auto; }
#edge-evaluate-picture-says { opacity: .85; margin-bottom: 4px; flex: 1 1 0; }
#edge-evaluate-settings:not([open]), #edge-evaluate-more:not([open]) { display: inline-block; margin: 0 24px 2px 0; }
#edge-evaluate-settings, #edge-evaluate-more { margin-bottom: 6px; }
#edge-evaluate-settings summary, #edge-evaluate-more summary { cursor: pointer; margin-bottom: 6px; }
`;

const ID = "edge-evaluate-style";

export function addStyle(): void {
  if (document.getElementById(ID)) return;
  $("<style>").attr("id", ID).text(CSS).appendTo(document.head);
}
