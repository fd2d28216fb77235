import type { ResultView, Table } from "./result-view.js";

const CELL = "padding:1px 8px 1px 0; text-align:right";
const FIRST = "padding:1px 8px 1px 0; text-align:left";

/**
 * @param instead what is said when there is no report
 * @param isNew it came while the dialog was open
 */
export function showResult(view: ResultView | undefined, instead: string, isNew: boolean): void {
  const panel = $("#edge-learn-result").show();
  panel.children("summary").text(view?.title ?? instead);
  const body = panel.children("div").empty();
  if (!view) return;
  panel.prop("open", true);
  // Somebody has waited for it.
  if (isNew) panel[0]?.scrollIntoView({ block: "start" });
  body.append(
    $('<ul style="list-style:none; margin:0 0 6px">').append(
      view.warnings.map((warning) =>
        $("<li>").append(
          $('<i class="fa fa-exclamation-triangle" aria-hidden="true" style="margin-right:6px">'),
          document.createTextNode(warning),
        ),
      ),
    ),
    $('<table style="margin-bottom:6px"><tbody></tbody></table>').append(
      view.facts.map(([name, value]) =>
        $("<tr>").append(
          $(
            '<th scope="row" style="text-align:left; vertical-align:top; padding-right:12px; white-space:nowrap; font-weight:normal; opacity:.8">',
          ).text(name),
          $("<td>").text(value),
        ),
      ),
    ),
    view.tables.map(tableElement),
  );
}

function tableElement({ title, head, rows }: Table): JQuery {
  const heads = head.map((name, i) =>
    $('<th scope="col">')
      .attr("style", `${i === 0 ? FIRST : CELL}; font-weight:normal; opacity:.8`)
      .text(name),
  );
  const lines = rows.map(({ cells, marked }) =>
    $("<tr>")
      .css("font-weight", marked === -1 ? "bold" : "")
      .append(
        cells.map((cell, i) =>
          $(i === 0 ? '<th scope="row">' : "<td>")
            .attr("style", i === 0 ? `${FIRST}; font-weight:inherit` : CELL)
            .css("font-weight", marked === i ? "bold" : "")
            .text(cell),
        ),
      ),
  );
  return $('<div style="overflow-x:auto; margin-bottom:6px">').append(
    $("<table>").append(
      $('<caption style="text-align:left; caption-side:top; padding:0">').text(title),
      $("<thead>").append($("<tr>").append(heads)),
      $("<tbody>").append(lines),
    ),
  );
}
