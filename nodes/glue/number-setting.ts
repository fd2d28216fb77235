/** The bounds of a number that a person sets; the dialog and the schema go by the same. */
export interface NumberRange {
  readonly min: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** JSON schema of a number within its bounds. Without imports: dialogs load it with the node's config.ts. */
export function numberSetting({ min, max, integer = false }: NumberRange, fallback: number): object {
  return {
    type: integer ? "integer" : "number",
    minimum: min,
    ...(max === undefined ? {} : { maximum: max }),
    default: fallback,
  };
}
