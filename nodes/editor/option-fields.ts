/** Things that describe themselves (feature blocks, filters, learners, detectors), with the fields of their options. */
import {
  asText,
  brokenRule,
  choiceKey,
  type Description,
  firstBroken,
  fromText,
  kindOf,
  matters,
  type OptionSchema,
  type Row,
  stored,
} from "./option-rules.js";

export type Text = (key: string, values?: Record<string, unknown>) => string;

interface ChoiceOptions {
  /** What a row calls the id of what it chose, and its texts' place in the catalog. */
  kind: "block" | "filter" | "detector";
  descriptions: readonly Description[];
  /** A text of the catalog. */
  text: Text;
  /** Whatever was changed. */
  change: () => void;
}

interface ListOptions extends ChoiceOptions {
  rows: readonly Row[];
  /** What a new row begins with. */
  first: string | undefined;
}

/** Makes an editableList of an <ol>; `readList` reads it. */
export function choiceList(list: JQuery, options: ListOptions): void {
  const { kind, rows, first, text, change } = options;
  list.editableList({
    addButton: text(`label.add-${kind}`),
    removable: true,
    sortable: true,
    height: "auto",
    addItem(container: JQuery, _index: number, given: Row) {
      // A row that the button adds is empty.
      const row = typeof given[kind] === "string" ? given : { [kind]: first ?? "" };
      const item = $('<div class="edge-choice">').appendTo(container);
      choiceRow(item, row, options);
      change();
    },
    removeItem: change,
    sortItems: change,
  });
  list.editableList("addItems", [...rows]);
}

/** The rows of a list, as they stand in its fields. */
export function readList(list: JQuery): Row[] {
  // Each item is a list of elements of its own.
  const items = list.editableList("items").toArray();
  return items.map((item) => ($(item).find(".edge-choice").data("read") as () => Row)());
}

/** A single choice in place of a list. @returns reads it */
export function choiceField(item: JQuery, row: Row, options: ChoiceOptions): () => Row {
  choiceRow(item, row, options);
  return () => (item.data("read") as () => Row)();
}

function choiceRow(item: JQuery, row: Row, { kind, descriptions, text, change }: ChoiceOptions): void {
  const select = $(`<select class="edge-${kind}" style="width:auto; max-width:100%">`).attr(
    "aria-label",
    text(`label.${kind}`),
  );
  const about = $('<span style="flex:1 1 200px; opacity:.75">');
  const options = $(
    '<div style="display:flex; flex-wrap:wrap; gap:4px 14px; margin-top:4px; width:0; min-width:100%">',
  );
  item.append(
    $('<div style="display:flex; flex-wrap:wrap; gap:2px 10px; align-items:center; width:0; min-width:100%">').append(
      select,
      about,
    ),
    options,
  );
  fill(select, kind, descriptions, text);
  const id = String(row[kind]);
  // From another version of this package, perhaps: it is kept until something else is chosen.
  if (!descriptions.some((each) => each.id === id)) select.append($("<option>").val(id).text(id));
  select.val(id);

  /** What was typed for each choice: going back to it brings it back. */
  const typed = new Map<string, Row>([[id, row]]);
  let read: () => Row = () => row;
  item.data("read", () => read());
  const show = () => {
    const chosen = String(select.val());
    const description = descriptions.find((each) => each.id === chosen);
    options.empty();
    about.text(description ? text(`${kind}.${chosen}.about`) : "");
    if (!description) {
      read = () => typed.get(chosen) ?? { [kind]: chosen };
      return;
    }
    const fields = optionFields(options, description, typed.get(chosen) ?? {}, text, `${kind}.${chosen}`, change);
    read = () => ({ [kind]: chosen, ...fields() });
  };
  let before = id;
  select.on("change", () => {
    typed.set(before, read());
    before = String(select.val());
    show();
    change();
  });
  show();
}

/** The choices, under headings when they have more than one. */
function fill(select: JQuery, kind: string, descriptions: readonly Description[], text: Text): void {
  const option = ({ id }: Description) =>
    $("<option>")
      .val(id)
      .text(text(`${kind}.${id}.title`));
  const groups = [...new Set(descriptions.map(({ group }) => group))];
  for (const group of groups) {
    const members = descriptions.filter((each) => each.group === group).map(option);
    if (group === undefined || groups.length < 2) select.append(members);
    else
      select.append(
        $("<optgroup>")
          .attr("label", text(`group.${group}`))
          .append(members),
      );
  }
}

/**
 * What is wrong with options, as a sentence, or undefined.
 * @param key where the catalog has the texts of what they belong to
 */
export function optionProblem(description: Description, row: Row, text: Text, key: string): string | undefined {
  const broken = firstBroken(description, row);
  if (broken === undefined) return undefined;
  const { key: rule, values, range, option } = broken;
  const limits = range === undefined ? {} : { range: text(`range.${range}`, values) };
  return text("wrong.option", {
    title: text(`${key}.title`),
    option: text(`${key}.option.${option}`),
    rule: text(`rule.${rule}${range === undefined ? "" : "Range"}`, { ...values, ...limits }),
  });
}

/**
 * Puts the fields of all options into a container; returns what reads them.
 * @param key where the catalog has their texts
 */
export function optionFields(
  container: JQuery,
  description: Description,
  values: Row,
  text: Text,
  key: string,
  change: () => void,
): () => Row {
  const fields = Object.entries(description.options).map(([option, schema]) => {
    const label = text(`${key}.option.${option}`);
    const field = optionField(schema, stored(schema, values[option]), label, (choice) =>
      typeof choice === "string" ? text(`${key}.choice.${option}.${choiceKey(choice)}`) : String(choice),
    );
    field.element.attr("data-option", option).addClass("edge-option");
    if (schema.hint) {
      const hint = text(`${key}.hint.${option}`);
      field.element
        .attr("title", hint)
        .append($('<i class="fa fa-info-circle" aria-hidden="true" style="opacity:.5">'));
      field.element.find("input, select").attr("aria-description", hint);
    }
    return { option, schema, ...field };
  });
  container.append(fields.map(({ element }) => element));

  const readAll = (): Row => Object.fromEntries(fields.map(({ option, read }) => [option, read()]));
  const mark = () => {
    const row = readAll();
    for (const { option, schema, element, read } of fields) {
      const shown = matters(description, row, option);
      element.toggle(shown);
      const wrong = shown && brokenRule(schema, read()) !== undefined;
      element
        .find("input, select")
        .not("[type=checkbox]")
        .toggleClass("input-error", wrong)
        .attr("aria-invalid", String(wrong));
      element
        .find(".edge-choices")
        .css("outline", wrong ? "1px solid var(--red-ui-input-border-error-color, #c02020)" : "");
    }
  };
  container.off("input.edge change.edge").on("input.edge change.edge", () => {
    mark();
    change();
  });
  mark();
  return () => {
    const row = readAll();
    for (const { option, schema } of fields) {
      // What nobody sees must not be what makes the node refuse its settings.
      const hidden = !matters(description, row, option);
      if (hidden && brokenRule(schema, row[option]) !== undefined) row[option] = schema.default;
    }
    return row;
  };
}

interface Field {
  element: JQuery;
  read: () => unknown;
}

const LABEL = '<label style="display:inline-flex; align-items:center; gap:6px; width:auto; margin:0; max-width:100%">';
const TICK = '<input type="checkbox" style="width:auto; margin:0">';

function optionField(
  schema: OptionSchema,
  value: unknown,
  label: string,
  choiceText: (choice: unknown) => string,
): Field {
  switch (kindOf(schema)) {
    case "flag": {
      const box = $(TICK).prop("checked", value === true || value === "true");
      return { element: $(LABEL).append(box, $("<span>").text(label)), read: () => box.prop("checked") === true };
    }
    case "choice": {
      const choices = schema.enum!;
      const select = $('<select style="width:auto; max-width:100%">').append(
        choices.map((choice) => $("<option>").val(String(choice)).text(choiceText(choice))),
      );
      const known = choices.some((choice) => String(choice) === String(value));
      if (!known) select.append($("<option>").val(String(value)).text(String(value)));
      select.val(String(value));
      const read = () => choices.find((choice) => String(choice) === select.val()) ?? select.val();
      return { element: labelled(label, select), read };
    }
    case "choices": {
      const ticked = Array.isArray(value) ? value : [];
      const boxes = schema.items!.enum!.map((choice) => {
        const box = $(TICK).prop("checked", ticked.includes(choice));
        return { choice, box, element: $(LABEL).append(box, $("<span>").text(choiceText(choice))) };
      });
      const unknown = ticked.filter((each) => !schema.items!.enum!.includes(each));
      const group = $('<span class="edge-choices" style="display:flex; flex-wrap:wrap; gap:2px 12px">').append(
        boxes.map(({ element }) => element),
      );
      return {
        element: $('<div role="group" style="display:flex; gap:8px; flex:1 1 100%">')
          .attr("aria-label", label)
          .append($('<span style="white-space:nowrap">').text(label), group),
        read: () => [...boxes.filter(({ box }) => box.prop("checked")).map(({ choice }) => choice), ...unknown],
      };
    }
    default: {
      const wide = kindOf(schema) !== "number";
      const input = $(`<input type="text" style="width:${wide ? "160px" : "70px"}; max-width:100%">`).val(
        asText(value),
      );
      if (schema.maxLength !== undefined) input.attr("maxlength", schema.maxLength);
      return { element: labelled(label, input), read: () => fromText(schema, String(input.val())) };
    }
  }
}

function labelled(label: string, field: JQuery): JQuery {
  return $(LABEL).append($("<span>").text(label), field);
}
