import { learners } from "../../nodes/lib/learn/index.ts";

/** A way of learning: a learner at its defaults. */
export interface Method {
  id: string;
  title: string;
}

/** What edge-learn takes by itself. */
const auto: Method = { id: "auto", title: "auto" };

/**
 * "auto" for classes, where it is the default, and every learner of a task: a new one is in the tables by itself.
 * @param only its id: no other
 * @throws Error with a sentence when there is no such learner
 */
export function methodsOf(task: "anomaly" | "class", only?: string): Method[] {
  const all = [...(task === "class" ? [auto] : []), ...learners[task].map(({ id, title }) => ({ id, title }))];
  const chosen = only === undefined ? all : all.filter(({ id }) => id === only);
  if (chosen.length === 0)
    throw new Error(`There is no learner "${only}": one of ${all.map(({ id }) => id).join(", ")}.`);
  return chosen;
}
