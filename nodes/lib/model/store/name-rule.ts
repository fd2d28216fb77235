/** A model's name is a folder's name too: nothing that a file system could take for a path. Without imports: the editor's pages use it. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const MODEL_NAME_RULE = "1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit";
