import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Whether a program can be started: by its path, or found where the system looks for programs. */
export async function isInstalled(program: string): Promise<boolean> {
  if (program.includes("/")) return isExecutable(program);
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const folder of folders) if (await isExecutable(join(folder, program))) return true;
  return false;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
